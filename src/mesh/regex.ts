// Regular expressions as Envoy reads them: RE2, which has no pattern that takes forever, only large ones.
import { RE2JS } from 're2js';

/** Instructions. The time of a match grows with them times the length of the text: seconds, for what is larger. */
const LARGEST_PROGRAM = 2_500;
const LONGEST_PATTERN = 4_096;

/** Undefined: it does not compile, as istiod would have said, or it is larger than anybody's routes need. */
export function compileRegex(pattern: string): RE2JS | undefined {
  if (pattern.length > LONGEST_PATTERN || repetitions(pattern) > LARGEST_PROGRAM) return undefined;
  try {
    const compiled = RE2JS.compile(pattern);
    return compiled.programSize() <= LARGEST_PROGRAM ? compiled : undefined;
  } catch {
    return undefined;
  }
}

/** `x{2,1000}` alone is a thousand instructions: large programs are not even compiled. */
function repetitions(pattern: string): number {
  let sum = 0;
  for (const [, least = '0', most] of pattern.matchAll(/\{(\d{1,5})(?:,(\d{0,5}))?\}/g)) {
    sum += Math.max(Number(least), Number(most ?? 0));
  }
  return sum;
}
