import type { CatalogueEntry } from './entry.ts';

export const securityCodes = {} satisfies Record<string, CatalogueEntry>;
