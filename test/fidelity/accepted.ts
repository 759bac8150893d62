// Differences that stay, and why: what the embedded cluster does not do. In Spanish, for the page.

/** Full id of the behaviour → reason. */
export const accepted: Record<string, string> = {};
