/** Where Kubernetes' descriptions are, beside the program: scripts/build says so. A program run from its source has none. */
export const descriptionsFile: string = '';
