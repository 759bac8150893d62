import { durationProblem } from './durations.ts';
import { type Fields, type Findings, fields, list, number, optionalFields, text } from './findings.ts';
import { validateLocality, validateZoneAware } from './locality.ts';

export function validateLoadBalancer(balancer: Fields | undefined, ejects: boolean, findings: Findings): void {
  if (!balancer) return;
  validateConsistentHash(optionalFields(balancer.consistentHash), findings);
  const { localityLbSetting, zoneAwareLbSetting, warmup } = balancer;
  if (localityLbSetting !== undefined && zoneAwareLbSetting !== undefined)
    findings.error('only one of localityLbSetting and zoneAwareLbSetting can be set');
  validateLocality(optionalFields(localityLbSetting), ejects, findings);
  validateZoneAware(optionalFields(zoneAwareLbSetting), ejects, findings);
  if (warmup === undefined) return;
  const { duration, minimumPercent, aggression } = fields(warmup);
  findings.error(duration === undefined ? 'duration is required' : durationProblem(duration));
  if (number(minimumPercent) > 100) findings.error('minimumPercent value should be less than or equal to 100');
  if (aggression !== undefined && number(aggression) <= 0) findings.error('aggression should be greater than 0');
}

function validateConsistentHash(hash: Fields | undefined, findings: Findings): void {
  if (!hash) return;
  const { httpCookie, minimumRingSize, ringHash, maglev } = hash;
  if (httpCookie !== undefined) validateCookie(fields(httpCookie), findings);
  if (count(minimumRingSize) !== 0) {
    findings.warn(
      "consistent hash MinimumRingSize is deprecated, use ConsistentHashLB's RingHash configuration instead",
    );
    if (ringHash !== undefined || maglev !== undefined)
      findings.error('only one of MinimumRingSize or Maglev/Ringhash can be specified');
  }
  if (maglev === undefined) return;
  const size = count(fields(maglev).tableSize);
  if (size === 0) findings.error('tableSize must be set for maglev');
  if (size >= 5_000_011) findings.error('tableSize must be less than 5000011 for maglev');
  if (!isPrime(size)) findings.error('tableSize must be a prime number for maglev');
}

function validateCookie(cookie: Fields, findings: Findings): void {
  if (text(cookie.name) === '') findings.error('name required for HttpCookie');
  const seen = new Set<string>();
  for (const attribute of list(cookie.attributes).map(fields)) {
    const name = text(attribute.name);
    if (name === '') findings.error('cookie attribute name cannot be empty');
    else if (seen.has(name)) findings.error(`duplicate cookie attribute name: ${name}`);
    seen.add(name);
  }
}

/** Sixty-four bit numbers may come as text. */
const count = (value: unknown) => (typeof value === 'string' ? Number(value) || 0 : number(value));

/** As Envoy decides it: one is prime there, and no even number is. Above the limit the answer does not matter. */
function isPrime(size: number): boolean {
  if (size !== 0 && size < 4) return true;
  if (size % 2 === 0) return false;
  for (let factor = 3; factor <= Math.sqrt(Math.min(size, 1e12)); factor += 2) if (size % factor === 0) return false;
  return true;
}
