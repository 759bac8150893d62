// Imported before anything that validates: zod would otherwise compile its validators with `new Function` and look at
// `navigator`, of which VS Code complains in its log.
//
// Schemas of the extension are made when they are first used (z.lazy): making all of them takes longer than loading the rest.
import * as z from 'zod';

z.config({ jitless: true });
