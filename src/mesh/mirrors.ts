// `mirror` and `mirrors`: copies of a request that nobody waits for.
import { balance, type FindCluster } from './clusters.ts';
import type { Mirror, Source } from './decision.ts';
import type { Chance, MeshRequest } from './engine.ts';
import { fullHost } from './host-names.ts';
import { probabilityOf } from './percentage.ts';
import { fields, integer, items, present, text } from './read.ts';

export interface MirrorTo {
  source: Source;
  host: string;
  subset: string;
  probability: number;
  cluster: ReturnType<FindCluster>;
}

export function compileMirrors(
  rule: Readonly<Record<string, unknown>>,
  namespace: string,
  source: Source,
  find: FindCluster,
): MirrorTo[] {
  const to = (destination: unknown, path: string, probability: number): MirrorTo => {
    const { host, subset, port } = fields(destination);
    const target = fullHost(text(host) ?? '', namespace);
    const name = text(subset) ?? '';
    const cluster = find(target, integer(fields(port).number), name);
    return { source: { ...source, path: `${source.path}.${path}` }, host: target, subset: name, probability, cluster };
  };
  const several = items(rule.mirrors).map((item, index) => {
    const { destination, percentage } = fields(item);
    return to(destination, `mirrors[${index}]`, probabilityOf(percentage, undefined, 1));
  });
  if (!present(rule.mirror)) return several;
  return [to(rule.mirror, 'mirror', probabilityOf(rule.mirrorPercentage, rule.mirrorPercent, 1)), ...several];
}

/** Those that get a copy of this request. */
export function drawMirrors(mirrors: readonly MirrorTo[], request: MeshRequest, chance: Chance): Mirror[] {
  return mirrors.flatMap(({ cluster, probability }) => {
    if (probability < 1 && !(probability > 0 && chance.random() < probability)) return [];
    if (typeof cluster === 'string') return [];
    const endpoint = cluster.endpoints[balance(cluster, chance, request)];
    if (!endpoint) return [];
    const { name, service, subset } = cluster;
    return [{ cluster: name, service, endpoint, ...(subset && { subset }) }];
  });
}
