// Which class an answer belongs to: `v1`, `v2`… as the lab declares them.
import { RE2JS } from 're2js';

/** The class of an answer that matches no pattern, or that is not a 2xx. */
export const otherClass = 'otro';

/**
 * `patterns` maps class → RE2 expression searched in the body; the first that matches wins. Patterns come from labs,
 * which are untrusted: RE2 cannot explode. Throws RE2JSException when one does not compile.
 */
export function createClassifier(patterns: Record<string, string>): (status: number, body: string) => string {
  const compiled = Object.entries(patterns).map(([name, pattern]) => ({ name, pattern: RE2JS.compile(pattern) }));
  return (status, body) => {
    if (status < 200 || status > 299) return otherClass;
    return compiled.find(({ pattern }) => pattern.matcher(body).find())?.name ?? otherClass;
  };
}
