// Where in the world a client's requests go: shares by place, or the nearest place that is healthy.
import type { Endpoint, LocalityGroup } from '../decision.ts';
import { fields, integer, items, present, text, texts } from '../read.ts';

export interface LocalityClient {
  locality?: string;
  labels: Readonly<Record<string, string>>;
}

/** Undefined when place makes no difference. `failover`: outlier detection is on, without which nothing fails over. */
export function localityGroups(
  setting: unknown,
  endpoints: readonly Endpoint[],
  labelsOf: (index: number) => Readonly<Record<string, unknown>>,
  client: LocalityClient,
  failover: boolean,
): readonly LocalityGroup[] | undefined {
  const written = fields(setting);
  if (written.enabled === false || !client.locality) return undefined;
  const from = client.locality;
  const shares = items(written.distribute).find((item) => includes(text(fields(item).from) ?? '', from));
  if (shares !== undefined) return distributed(fields(fields(shares).to), endpoints);
  if (!failover || items(written.distribute).length > 0) return undefined;
  const order = texts(written.failoverPriority);
  const priorityOf = order.length > 0 ? byLabels(order, labelsOf, client) : byPlace(written.failover, endpoints, from);
  const groups = new Map<number, number[]>();
  endpoints.forEach((_, index) => {
    const priority = priorityOf(index);
    const group = groups.get(priority);
    if (group) group.push(index);
    else groups.set(priority, [index]);
  });
  if (groups.size <= 1) return undefined;
  return [...groups].sort(([a], [b]) => a - b).map(([, indexes], priority) => ({ priority, weight: 1, indexes }));
}

/** Places that no share names get nothing. */
function distributed(to: Readonly<Record<string, unknown>>, endpoints: readonly Endpoint[]): LocalityGroup[] {
  const left = new Set(endpoints.keys());
  // The most exact pattern takes its endpoints first.
  const shares = Object.entries(to).sort(([a], [b]) => exactness(b) - exactness(a));
  return shares.flatMap(([place, value]) => {
    const weight = integer(value) ?? 0;
    const indexes = [...left].filter((index) => includes(place, endpoints[index]?.locality ?? ''));
    for (const index of indexes) left.delete(index);
    return weight > 0 && indexes.length > 0 ? [{ priority: 0, weight, indexes }] : [];
  });
}

function byPlace(failover: unknown, endpoints: readonly Endpoint[], from: string): (index: number) => number {
  const own = parts(from);
  const rule = items(failover).find((item) => text(fields(item).from) === own[0]);
  const preferred = present(rule) ? text(fields(rule).to) : undefined;
  return (index) => {
    const place = parts(endpoints[index]?.locality ?? '');
    if (place[0] !== own[0]) return preferred === undefined || place[0] === preferred ? 3 : 4;
    if ((place[1] ?? '') !== (own[1] ?? '')) return 2;
    return (place[2] ?? '') === (own[2] ?? '') ? 0 : 1;
  };
}

/** `key` (the same as the client's) or `key=value`: the first that differs decides. */
function byLabels(
  order: readonly string[],
  labelsOf: (index: number) => Readonly<Record<string, unknown>>,
  client: LocalityClient,
): (index: number) => number {
  const wanted = order.map((item) => {
    const equals = item.indexOf('=');
    const key = equals < 0 ? item : item.slice(0, equals);
    return { key, value: equals < 0 ? client.labels[key] : item.slice(equals + 1) };
  });
  return (index) => {
    const labels = labelsOf(index);
    const differs = wanted.findIndex(({ key, value }) => labels[key] !== value);
    return differs < 0 ? 0 : wanted.length - differs;
  };
}

/** `region/zone/*`, `region/*`, `*` or a whole place. */
function includes(pattern: string, locality: string): boolean {
  const place = parts(locality);
  for (const [position, part] of parts(pattern).entries()) {
    if (part === '*') return true;
    if (part !== (place[position] ?? '')) return false;
  }
  return true;
}

function exactness(pattern: string): number {
  return parts(pattern).filter((part) => part !== '*').length;
}

function parts(locality: string): string[] {
  return locality === '' ? [] : locality.split('/');
}
