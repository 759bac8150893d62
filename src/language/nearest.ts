// The name that was most likely meant.
import { distance } from '../diagnosis/typo.ts';

/** Undefined when none is near: more than a third of the letters would have to change. */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  // What somebody types may be of any length.
  if (written.length > 253) return undefined;
  const lower = written.toLowerCase();
  let best: { name: string; slips: number } | undefined;
  for (const name of candidates) {
    const most = Math.max(1, Math.floor(Math.max(name.length, written.length) / 3));
    if (name === written || Math.abs(name.length - written.length) > most) continue;
    const slips = distance(lower, name.toLowerCase());
    if (slips <= most && (!best || slips < best.slips)) best = { name, slips };
  }
  return best?.name;
}
