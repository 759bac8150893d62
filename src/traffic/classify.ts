// Which class an answer belongs to: `v1`, `v2`… as the lab declares them.
import { RE2JS } from 're2js';

/** The class of an answer that is of no other. */
export const otherClass = 'otro';

/**
 * `statuses` maps class → status of all its answers, whatever they say. `patterns` maps class → RE2 expression searched
 * in the body of the other 2xx answers; the first that matches wins. Patterns come from labs, which are untrusted: RE2
 * cannot explode. Throws RE2JSException when one does not compile.
 */
export function createClassifier(
  patterns: Record<string, string>,
  statuses: Record<string, number> = {},
): (status: number, body: string) => string {
  const byStatus = new Map(Object.entries(statuses).map(([name, status]) => [status, name]));
  const compiled = Object.entries(patterns).map(([name, pattern]) => ({ name, pattern: RE2JS.compile(pattern) }));
  return (status, body) => {
    const own = byStatus.get(status);
    if (own !== undefined) return own;
    if (status < 200 || status > 299) return otherClass;
    return compiled.find(({ pattern }) => pattern.matcher(body).find())?.name ?? otherClass;
  };
}
