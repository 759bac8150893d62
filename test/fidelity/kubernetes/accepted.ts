// Differences that stay, and why. In Spanish, for the page.

/** Full id of the behaviour → reason. */
export const accepted: Record<string, string> = {};
