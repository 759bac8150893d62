import { fields, items, texts } from '../../../mesh/read.ts';
import { type ConfigDump, configOrigin, type Fields } from './config-dump.ts';
import { pathOf } from './listeners-table.ts';

export const ROUTE_HEADER = ['NAME', 'VHOST NAME', 'DOMAINS', 'MATCH', 'VIRTUAL SERVICE'];

/** Numeric names in order; the rest as Envoy gave them. */
export function selectRoutes({ routes }: ConfigDump, name: string | undefined): Fields[] {
  const chosen = routes.filter((route) => !name || route.name === name);
  return insertionSort(chosen, (a, b) => isNumber(a.name) && isNumber(b.name) && Number(a.name) < Number(b.name));
}

export function routeRows(configuration: Fields): string[][] {
  const name = String(configuration.name ?? '');
  return items(configuration.virtual_hosts).flatMap((item) => {
    const host = fields(item);
    const routes = items(host.routes).map(fields);
    const row = (match: string, origin: string) => [
      name,
      String(host.name ?? ''),
      domainsText(texts(host.domains)),
      match,
      origin,
    ];
    if (routes.length === 0) return [row('/*', '404')];
    return routes
      .filter((route) => !isDefaultPassthrough(route))
      .map((route) => row(pathOf(fields(route.match)), configOrigin(route.metadata)));
  });
}

/** What traffic to hosts outside the mesh takes is not listed. */
function isDefaultPassthrough(route: Fields): boolean {
  return fields(route.route).cluster === 'PassthroughCluster' || route.name === 'allow_any';
}

/** Longer forms of a name that is there too are left out; two are shown. */
function domainsText(domains: readonly string[]): string {
  if (domains.length < 2) return domains.join('');
  const all = domains.filter((d) => !d.includes(':'));
  const unique = new Set(all);
  const longer = (domain: string, suffix: string) =>
    domain.endsWith(suffix) && unique.has(domain.slice(0, -suffix.length));
  const short = all.filter((d) => !longer(d, '.svc.cluster.local') && !longer(d, '.svc'));
  return short.length > 2 ? `${short.slice(0, 2).join(', ')} + ${short.length - 2} more...` : short.join(', ');
}

const isNumber = (name: unknown) => typeof name === 'string' && /^\d+$/.test(name);

/** Not Array.sort: the order is partial, and elements that do not compare must stay where they are. */
function insertionSort<T>(list: readonly T[], before: (a: T, b: T) => boolean): T[] {
  const sorted: T[] = [];
  for (const item of list) {
    let at = sorted.length;
    for (let previous = sorted[at - 1]; previous !== undefined && before(item, previous); previous = sorted[at - 1])
      at -= 1;
    sorted.splice(at, 0, item);
  }
  return sorted;
}
