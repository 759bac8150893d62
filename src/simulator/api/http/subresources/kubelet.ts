// What a node's kubelet answers behind `nodes/NAME/proxy`: whether it is well, its pods, and what they use.
import type { KubeObject } from '../../../../mesh/objects.ts';
import type { ContainerUsage } from '../../../usage.ts';
import type { ResourceRequest } from '../context.ts';
import { type ApiReply, jsonReply, textReply } from '../request.ts';

/** `path` as the kubelet gets it, without a query. What it does not have is its own 404. */
export function kubeletReply(r: ResourceRequest, node: string, path: string): ApiReply {
  const { pathname } = new URL(path, 'http://kubelet');
  switch (pathname.replace(/(.)\/$/, '$1')) {
    case '/healthz':
    case '/healthz/ping':
    case '/healthz/syncloop':
      return textReply('ok');
    case '/pods':
      return jsonReply({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: podsOf(r, node).map(untyped) });
    case '/stats/summary':
      return jsonReply(summary(r, node));
    default:
      return textReply('404 page not found\n', 404);
  }
}

function podsOf(r: ResourceRequest, node: string): KubeObject[] {
  const on = ({ spec }: KubeObject) => (spec as { nodeName?: string } | undefined)?.nodeName === node;
  return r.context.registry.list('pods').filter(on);
}

function untyped({ kind: _kind, apiVersion: _apiVersion, ...rest }: KubeObject): Record<string, unknown> {
  return rest;
}

function summary(r: ResourceRequest, node: string) {
  const own = new Set(podsOf(r, node).map(({ metadata }) => metadata.uid));
  const measured = (r.context.usage?.pods() ?? []).filter(({ pod }) => own.has(pod.metadata.uid));
  const all = measured.flatMap(({ containers }) => containers);
  const time = stamp(measured[0]?.time ?? r.context.clock.now());
  return {
    node: { nodeName: node, ...figures(time, all) },
    pods: measured.map(({ pod, time: seen, containers }) => ({
      podRef: { name: pod.metadata.name, namespace: pod.metadata.namespace, uid: pod.metadata.uid },
      startTime: pod.metadata.creationTimestamp,
      containers: containers.map((c) => ({ name: c.name, ...figures(stamp(seen), [c]) })),
      ...figures(stamp(seen), containers),
    })),
  };
}

function figures(time: string, containers: readonly ContainerUsage[]) {
  const sum = (of: (c: ContainerUsage) => number) => Math.round(containers.reduce((total, c) => total + of(c), 0));
  return {
    cpu: { time, usageNanoCores: sum((c) => c.cpu * 1e9) },
    memory: { time, workingSetBytes: sum((c) => c.memory) },
  };
}

function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
