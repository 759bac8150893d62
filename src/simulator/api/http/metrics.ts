// metrics.k8s.io, as metrics-server serves it: made when asked, never stored.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { ContainerUsage, UsageSource } from '../../usage.ts';
import { type KindDefinition, type KindTable, withKind } from '../kinds/kind-table.ts';
import type { Handler, ResourceRequest } from './context.ts';
import { missing } from './objects.ts';
import { dataReply, representList, representObject } from './represent.ts';
import { selection } from './select.ts';

const kinds: KindDefinition[] = [['NodeMetrics', 'nodes', false] as const, ['PodMetrics', 'pods', true] as const].map(
  ([kind, plural, namespaced]) => ({
    group: 'metrics.k8s.io',
    versions: ['v1beta1'],
    kind,
    listKind: `${kind}List`,
    plural,
    singular: '',
    shortNames: [],
    categories: [],
    namespaced,
    subresources: [],
  }),
);

export function isMetrics(kind: KindDefinition): boolean {
  return kinds.includes(kind);
}

/** The stored kinds and these, where somebody measures. */
export function withMetrics(stored: KindTable, usage: UsageSource | undefined): KindTable {
  return usage ? kinds.reduce(withKind, stored) : stored;
}

export const getMetrics: Handler = (r) => {
  const found = measured(r).find(({ metadata }) => metadata.name === r.name && metadata.namespace === r.namespace);
  if (!found) throw missing(r);
  return dataReply(r, representObject(r, found));
};

export const listMetrics: Handler = (r) =>
  dataReply(r, representList(r, measured(r).filter(selection(r)), { resourceVersion: '' }));

function measured(r: ResourceRequest): KubeObject[] {
  const usage = r.context.usage?.pods() ?? [];
  if (r.kind.kind === 'PodMetrics') {
    return usage.map(({ pod, time, containers }) => ({
      ...described(r, pod, time),
      containers: containers.map((c) => ({ name: c.name, usage: quantities(c) })),
    }));
  }
  return r.context.registry.list('nodes').flatMap((node) => {
    const own = usage.filter(
      ({ pod }) => (pod.spec as { nodeName?: string } | undefined)?.nodeName === node.metadata.name,
    );
    const [first] = own;
    if (!first) return [];
    const all = own.flatMap(({ containers }) => containers);
    const sum = (of: (c: ContainerUsage) => number) => all.reduce((total, c) => total + of(c), 0);
    // The system's own programs, which are in no pod.
    const whole = { name: '', cpu: sum((c) => c.cpu) + 0.04, memory: sum((c) => c.memory) + 420 * 2 ** 20 };
    return [{ ...described(r, node, first.time), usage: quantities(whole) }];
  });
}

function described(r: ResourceRequest, of: KubeObject, time: number): KubeObject {
  const stamp = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
  const { name, namespace, labels } = of.metadata;
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: r.kind.kind,
    metadata: {
      name,
      ...(namespace && { namespace }),
      creationTimestamp: stamp(r.context.clock.now()),
      ...(labels && { labels }),
    },
    timestamp: stamp(time),
    window: '15s',
  };
}

function quantities({ cpu, memory }: ContainerUsage): Record<string, string> {
  return { cpu: `${Math.round(cpu * 1e9)}n`, memory: `${Math.round(memory / 1024)}Ki` };
}
