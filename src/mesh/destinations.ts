// `route`: the weighted destinations of a rule, for HTTP, TCP and TLS alike.
import type { Cluster, FindCluster, MissingCluster } from './clusters.ts';
import type { Source } from './decision.ts';
import { type ChangesFor, combine, type RuleHeaders, readHeaders } from './header-changes.ts';
import { fullHost } from './host-names.ts';
import { fields, integer, items, text } from './read.ts';
import type { Rewrite } from './rewrites.ts';

export interface Destination {
  source: Source;
  host: string;
  subset: string;
  weight: number;
  cluster: Cluster | MissingCluster;
  rewrite: Rewrite;
  requestHeaders?: ChangesFor;
  responseHeaders?: ChangesFor;
}

/** What the rule says of all its destinations. */
export interface Common {
  headers: RuleHeaders;
  rewrite: Rewrite;
}

export const NO_REWRITE: Rewrite = { path: undefined, authority: undefined };
export const NOTHING_COMMON: Common = { headers: readHeaders(undefined), rewrite: NO_REWRITE };

/** `namespace` is that of the object that `rule` is written in; `source` points at the rule. */
export function compileDestinations(
  rule: Readonly<Record<string, unknown>>,
  namespace: string,
  source: Source,
  find: FindCluster,
  { headers, rewrite }: Common = NOTHING_COMMON,
): Destination[] {
  const specs = items(rule.route).map(fields);
  return specs.map((spec, index) => {
    const { host, subset, port } = fields(spec.destination);
    const own = readHeaders(spec.headers);
    const target = fullHost(text(host) ?? '', namespace);
    const subsetName = text(subset) ?? '';
    const requestHeaders = combine(headers.request, own.request, specs.length === 1);
    const responseHeaders = combine(headers.response, own.response, specs.length === 1);
    return {
      source: { ...source, path: `${source.path}.route[${index}]` },
      host: target,
      subset: subsetName,
      weight: typeof spec.weight === 'number' ? spec.weight : 0,
      cluster: find(target, integer(fields(port).number), subsetName),
      rewrite: { path: rewrite.path, authority: rewrite.authority ?? headers.authority ?? own.authority },
      ...(requestHeaders && { requestHeaders }),
      ...(responseHeaders && { responseHeaders }),
    };
  });
}
