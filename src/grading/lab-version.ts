// Which lab it was: a digest of what it says once its parameters are drawn.
import type { Lab } from '../labs/lab.ts';
import { canonicalJson, sha256 } from './handin/canonical-json.ts';

/** SHA-256. Where the course is kept on this machine does not count; every letter of the lab does. */
export function labVersion(lab: Lab): string {
  const { folder: _folder, notHere: _notHere, ...said } = lab;
  return sha256(canonicalJson(said));
}
