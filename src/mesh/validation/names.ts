// Host names and ports, as Istio's validation accepts and words them.
import { quoted } from './findings.ts';

const label = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const wildcardLabel = /^(\*|(\*|\*-)?[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;

export const isLabel = (name: string): boolean => name.length <= 63 && label.test(name);

/** A domain name whose first label may be a wildcard. Returns the complaint. */
export function wildcardDomain(domain: string): string | undefined {
  const bad = precondition(domain);
  if (bad) return bad;
  const [first = '', ...rest] = domain.split('.');
  if (first.length > 63 || !wildcardLabel.test(first)) return invalidLabel(domain, first);
  return rest.length > 0 ? labels(rest) : undefined;
}

export function domainName(domain: string): string | undefined {
  return precondition(domain) ?? labels(domain.split('.'));
}

export function port(value: number): string | undefined {
  return value >= 1 && value <= 65535 ? undefined : `port number ${value} must be in the range 1..65535`;
}

export function portName(name: string): string | undefined {
  return isLabel(name) ? undefined : `invalid port name: ${name}`;
}

/** `*` in the middle of a first label: `*foo.com`. */
export function partialWildcard(host: string): string | undefined {
  const partial = host.includes('*') && host.length !== 1 && !host.startsWith('*.');
  return partial ? `partial wildcard ${quoted(host)} not allowed` : undefined;
}

export function subsetName(name: string): string | undefined {
  if (name === '') return 'subset name cannot be empty';
  return isLabel(name) ? undefined : `subset name is invalid: ${name}`;
}

/** Whether two host names of one object mean the same requests somewhere. */
export function hostsOverlap(a: string, b: string): boolean {
  const [wildA, wildB] = [a.startsWith('*'), b.startsWith('*')];
  if (wildA && wildB) return a.length < b.length ? b.slice(1).endsWith(a.slice(1)) : a.slice(1).endsWith(b.slice(1));
  if (wildA) return b.endsWith(a.slice(1));
  if (wildB) return a.endsWith(b.slice(1));
  return a === b;
}

function precondition(domain: string): string | undefined {
  if (domain === '') return 'empty domain name not allowed';
  return domain.length > 255 ? `domain name ${quoted(domain)} too long (max 255)` : undefined;
}

function labels(parts: string[]): string | undefined {
  const domain = parts.join('.');
  const top = parts.at(-1) ?? '';
  if (/^[+-]?\d+$/.test(top))
    return `domain name ${quoted(domain)} invalid (top level domain ${quoted(top)} cannot be all-numeric)`;
  // The last part may be empty, for names written with a final dot.
  const checked = top === '' ? parts.slice(0, -1) : parts;
  const bad = checked.find((part) => !isLabel(part));
  return bad === undefined ? undefined : invalidLabel(domain, bad);
}

const invalidLabel = (domain: string, part: string) =>
  `domain name ${quoted(domain)} invalid (label ${quoted(part)} invalid)`;
