/** Of who gives none: every such student sees the same lab. */
export const defaultSeed = '';
