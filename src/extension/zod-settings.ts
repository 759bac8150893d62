// Imported before anything that validates: zod would otherwise compile its validators with `new Function` and look at
// `navigator`, of which VS Code complains in its log.
import { z } from 'zod';

z.config({ jitless: true });
