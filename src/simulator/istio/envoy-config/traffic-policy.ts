// The trafficPolicy in force for one cluster, block by block, as the student wrote it: what the cluster shows of it.
import type { HostPolicy } from '../../../mesh/destination-rules.ts';
import { fields, integer, items, text } from '../../../mesh/read.ts';
import type { Scene } from './scene.ts';

export interface TrafficPolicy {
  loadBalancer?: Readonly<Record<string, unknown>>;
  connectionPool?: Readonly<Record<string, unknown>>;
  outlierDetection?: Readonly<Record<string, unknown>>;
  tls?: Readonly<Record<string, unknown>>;
}

const BLOCKS = ['loadBalancer', 'connectionPool', 'outlierDetection', 'tls'] as const;

/** A block of the subset replaces the host's; settings of a port replace all blocks of their level. */
export function policyFor(scene: Scene, rule: HostPolicy | undefined, subset: string, port: number): TrafficPolicy {
  if (!rule) return {};
  const { namespace, name } = rule.source;
  const object = scene.mesh.objects.find(
    (o) => o.kind === 'DestinationRule' && o.metadata.name === name && o.metadata.namespace === namespace,
  );
  const spec = fields(object?.spec);
  const own = items(spec.subsets).find((s) => text(fields(s).name) === subset);
  const levels = [levelOf(spec.trafficPolicy, port), levelOf(fields(own).trafficPolicy, port)];
  const policy: TrafficPolicy = {};
  for (const level of levels) for (const block of BLOCKS) if (level[block]) policy[block] = level[block];
  return policy;
}

function levelOf(written: unknown, port: number): TrafficPolicy {
  const policy = fields(written);
  const ofPort = items(policy.portLevelSettings).find((p) => integer(fields(fields(p).port).number) === port);
  const source = fields(ofPort ?? policy);
  const level: TrafficPolicy = {};
  for (const block of BLOCKS) if (source[block] !== undefined) level[block] = fields(source[block]);
  return level;
}
