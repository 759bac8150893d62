import type { PodTemplate } from './kinds.ts';

/**
 * The suffix that tells revisions of a template apart (pod-template-hash). FNV-1a in the alphabet of Kubernetes' safe
 * names; the digits differ from those of a real cluster, which hashes Go's memory dump of the template.
 */
export function templateHash(template: PodTemplate, collisions = 0): string {
  return safeEncode(fnv1a(`${canonical(template)}${collisions || ''}`));
}

/** No vowels and none of 0, 1 and 3, so that no word and no look-alike comes out. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** 32 bits as ten characters or fewer: each decimal digit's character code, reduced to the alphabet. */
export function safeEncode(value: number): string {
  return [...String(value)].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join('');
}

export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, v]) => v !== undefined && v !== null);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join()}}`;
}
