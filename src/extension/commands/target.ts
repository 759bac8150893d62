// What a command is about, from whoever calls it: a link with names, a node of the tree, a test. Validated: commands may be
// called by anybody.

export interface Target {
  lab: string;
  /** A step; undefined when the lab as a whole is meant. */
  page?: string;
}

/** Undefined when the arguments name nothing: the command means the panel in front. */
export function targetOf(first: unknown, second?: unknown): Target | undefined {
  if (typeof first === 'string') return { lab: first, ...(typeof second === 'string' ? { page: second } : {}) };
  const { session, needed, step, id } = recordOf(first);
  const lab = recordOf(recordOf(needed ?? session).lab).id;
  if (typeof lab === 'string') {
    const page = recordOf(step).id;
    return { lab, ...(typeof page === 'string' ? { page } : {}) };
  }
  if (typeof id !== 'string') return undefined;
  const [named = '', page] = id.split('/');
  return { lab: named, ...(page === undefined ? {} : { page }) };
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
