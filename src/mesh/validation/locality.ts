// Balancing by place: localityLbSetting and zoneAwareLbSetting.
import { type Fields, type Findings, fields, list, number, text, texts } from './findings.ts';

const topology = new Set(['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone']);

export function validateLocality(setting: Fields | undefined, ejects: boolean, findings: Findings): void {
  if (!setting) return;
  const [distribute, failover] = [setting.distribute, setting.failover].map((items) => list(items).map(fields));
  const priorities = texts(setting.failoverPriority);
  if (!distribute || !failover) return;
  const fatal = conflict(distribute, failover, priorities) ?? distribute.map(weightProblem).find(Boolean);
  if (fatal !== undefined) {
    findings.error(fatal);
    return;
  }
  for (const { to } of distribute) findings.error(overlap(Object.keys(fields(to))));
  findings.error(overlap(distribute.map(({ from }) => text(from))));
  if (failover.length + priorities.length > 0 && !ejects) findings.warn(WITHOUT_EJECTION);
  for (const { from, to } of failover) {
    const places = `${text(from)}${text(to)}`;
    if (text(from) === text(to)) findings.error('locality lb failover settings must specify different regions');
    if (places.includes('/')) findings.error('locality lb failover only specify region');
    if (places.includes('*')) findings.error("locality lb failover region should not contain '*' wildcard");
  }
}

export function validateZoneAware(setting: Fields | undefined, ejects: boolean, findings: Findings): void {
  if (!setting) return;
  const failover = list(setting.failover).map(fields);
  const priorities = texts(setting.failoverPriority);
  for (const label of priorities.filter((l) => topology.has(l)))
    findings.error(
      `'failover_priority' for zone aware lb must not use topology label '${label}'; region- and zone-level routing are handled automatically`,
    );
  if (failover.length + priorities.length > 0 && !ejects) findings.warn(WITHOUT_EJECTION);
  for (const { from, to } of failover) {
    const places = `${text(from)}${text(to)}`;
    if (text(from) === text(to)) findings.error('zone aware lb failover settings must specify different regions');
    if (places.includes('/'))
      findings.error(
        'zone aware lb failover only specifies region; zone and subzone failover are handled automatically',
      );
    if (places.includes('*')) findings.error("zone aware lb failover region should not contain '*' wildcard");
  }
}

const WITHOUT_EJECTION = 'outlier detection policy must be provided for failover';

function conflict(distribute: Fields[], failover: Fields[], priorities: string[]): string | undefined {
  if (failover.length === 0) return undefined;
  if (distribute.length > 0) return "can not simultaneously specify 'distribute' and 'failover'";
  const label = priorities.find((l) => topology.has(l));
  return label && `can not simultaneously set 'failover' and topology label '${label}' in 'failover_priority'`;
}

function weightProblem({ to }: Fields): string | undefined {
  const weights = Object.values(fields(to)).map(number);
  if (weights.some((weight) => weight <= 0 || weight > 100)) return 'locality weight must be in range [1, 100]';
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return total === 100 ? undefined : `total locality weight ${total} != 100`;
}

/** `region/zone/subzone`, where the end may be `*` or left out: none may be part of another. */
function overlap(localities: string[]): string | undefined {
  const seen: string[][] = [];
  for (const locality of localities) {
    const stars = locality.split('*').length - 1;
    if (stars > 1 || (stars === 1 && !locality.endsWith('*')))
      return `locality ${locality} wildcard '*' number can not exceed 1 and must be in the end`;
    const parts = locality.split(/\/(.*)/s).filter((_, i) => i < 2);
    const [region = '', rest] = parts;
    const places = rest === undefined ? [region] : [region, ...rest.split(/\/(.*)/s).slice(0, 2)];
    if (seen.some(([first]) => first === '*')) return `locality ${locality} overlap with previous specified ones`;
    if (places.includes('')) return `locality ${locality} must not contain empty region/zone/subzone info`;
    if (seen.some((other) => meet(other, places))) return `locality ${locality} overlap with previous specified ones`;
    seen.push(places);
  }
  return undefined;
}

function meet(former: string[], latter: string[]): boolean {
  for (let level = 0; level < 3; level += 1) {
    const [a, b] = [former[level], latter[level]];
    if (a === undefined || b === undefined) return true;
    if (a === '*') return true;
    if (a !== b) return false;
  }
  return true;
}
