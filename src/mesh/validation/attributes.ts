// Values of AuthorizationPolicy: addresses, ports, identities and the keys of `when`.
import { ipBlock } from './addresses.ts';
import { quoted } from './findings.ts';

/** A complaint, and whether Istio lists it even when it is alone. */
export interface Complaint {
  text: string;
  listed?: boolean;
}

export const ipBlocks = (values: string[]): Complaint[] => values.flatMap((value) => listed(ipBlock(value)));
export const portNumbers = (values: string[]): Complaint[] => values.flatMap((value) => listed(portProblem(value)));

export function emptyValue(key: string, values: string[]): Complaint[] {
  return values.includes('') ? [{ text: `empty value not allowed, found in ${key}` }] : [];
}

export function serviceAccounts(key: string, values: string[]): Complaint[] {
  if (values.length > 16) return [{ text: 'may not have more than 16 values' }];
  return first(values, (value) => {
    const [namespace = '', account, ...more] = value.split('/');
    const expected = "expected format 'serviceAccount' or 'namespace/serviceAccount', found";
    if (value === '') return `empty value not allowed, found in ${key}`;
    if (value.includes('*')) return `wildcard not allowed, found in ${key}`;
    if (more.length > 0) return `${expected} ${quoted(value)} in ${key}`;
    if (value.length > 320) return `value cannot exceed 320 characters, found ${quoted(value)} in ${key}`;
    if (account !== undefined && namespace === '') return `${expected} empty namespace ${quoted(value)} in ${key}`;
    return account === '' ? `${expected} empty serviceAccount ${quoted(value)} in ${key}` : undefined;
  });
}

export function trustDomains(key: string, values: string[]): Complaint[] {
  const bad = wildcardValues(key, values);
  if (bad.length > 0) return bad;
  return first(values, (value) =>
    value.includes('/') ? `trust domain must not contain '/', found in ${key}: ${quoted(value)}` : undefined,
  );
}

export function pathTemplates(key: string, paths: string[]): Complaint[] {
  return first(paths, (written) => {
    const templated = written.includes('{*}') || written.includes('{**}');
    const path = written.replace(/^\/+|\/+$/g, '');
    const refused = (why: string) => `invalid or unsupported path ${path}, found in ${key}. ${why}`;
    let ended = false;
    for (const part of path.split('/')) {
      if (part === '{*}' || part === '{**}') {
        if (ended) return refused('{**} is not the last operator');
        ended = part === '{**}';
      } else if (/[{}]/.test(part)) return refused("Contains '{' or '}' beyond a supported path template");
      else if (templated && !/^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/.test(part))
        return refused(`Contains segment ${part} with invalid string literal`);
    }
    return undefined;
  });
}

/** A key of `when` and the values it is compared with. */
export function attribute(key: string, values: string[]): Complaint[] {
  const empty = emptyValue(key, values);
  if (empty.length > 0) return empty;
  if (bracketed.some((prefix) => key.startsWith(prefix)))
    return /^[^[]+\[.+\]$/s.test(key) ? [] : [{ text: `bad key (${key}): should have format a[b]` }];
  if (plain.has(key)) return [];
  const check = checked.get(key);
  if (check) return check(values);
  if (key === 'destination.namespace') return [{ text: `attribute ${key} is replaced by the metadata.namespace` }];
  if (key.startsWith('destination.labels')) return [{ text: `attribute ${key} is replaced by the workload selector` }];
  if (key === 'destination.name' || key === 'destination.user')
    return [{ text: `deprecated attribute ${key}: only supported in v1alpha1` }];
  return [{ text: `unknown attribute: ${key}` }];
}

const bracketed = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];
const plain = new Set([
  'source.namespace',
  'source.principal',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
  'connection.sni',
]);
const checked = new Map<string, (values: string[]) => Complaint[]>([
  ['source.ip', ipBlocks],
  ['remote.ip', ipBlocks],
  ['destination.ip', ipBlocks],
  ['destination.port', portNumbers],
  ['source.serviceAccount', (values) => serviceAccounts('source.serviceAccount', values)],
  ['source.trustDomain', (values) => wildcardValues('source.trustDomain', values)],
]);

function wildcardValues(key: string, values: string[]): Complaint[] {
  const empty = emptyValue(key, values);
  if (empty.length > 0) return empty;
  return first(values, (value) => {
    const stars = value.split('*').length - 1;
    if (stars > 1) return `at most one wildcard is allowed, found in ${key}: ${quoted(value)}`;
    return stars === 1 && !value.startsWith('*') && !value.endsWith('*')
      ? `wildcard is only allowed at the start or end, found in ${key}: ${quoted(value)}`
      : undefined;
  });
}

function portProblem(value: string): string | undefined {
  const parsing = `bad port (${value}): strconv.ParseUint: parsing ${quoted(value)}:`;
  if (!/^\d+$/.test(value)) return `${parsing} invalid syntax`;
  if (Number(value) > 4_294_967_295) return `${parsing} value out of range`;
  return Number(value) > 65535 ? `bad port (${value}): <nil>` : undefined;
}

const listed = (problem: string | undefined): Complaint[] =>
  problem === undefined ? [] : [{ text: problem, listed: true }];

function first(values: string[], problemOf: (value: string) => string | undefined): Complaint[] {
  for (const value of values) {
    const text = problemOf(value);
    if (text !== undefined) return [{ text }];
  }
  return [];
}
