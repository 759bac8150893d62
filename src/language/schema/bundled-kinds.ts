// The kinds that Malla brings, for when no cluster says its own. Large: only the worker of the editor's help loads it.
import kinds from '../generated/schemas.json' with { type: 'json' };
import type { KindSchema } from './schema.ts';

/** Checked against the CRDs by a test. */
export const bundledKinds = kinds as unknown as readonly KindSchema[];
