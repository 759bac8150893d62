// How many replicas the measured use of pods calls for. Pure.
import { quantityOf } from '../../mesh/quantity.ts';
import type { ContainerUsage } from '../usage.ts';
import type { Pod } from './kinds.ts';
import { isReady } from './pods.ts';

export interface ResourceTarget {
  name: string;
  /** Of one container only. */
  container?: string;
  target: { type?: string; averageUtilization?: number; averageValue?: string | number };
}

export interface Measured {
  pod: Pod;
  /** Undefined: nobody has measured it yet. */
  containers: readonly ContainerUsage[] | undefined;
}

export interface Proposal {
  replicas: number;
  /** Cores or bytes for each pod. */
  averageValue: number;
  /** Per cent of what is asked for. */
  averageUtilization?: number;
}

/** Nearer to the target than this, nothing is changed. */
const TOLERANCE = 0.1;

/** Throws Error, in the controller's words, when the pods do not say enough. */
export function propose({ name, container, target }: ResourceTarget, replicas: number, pods: Measured[]): Proposal {
  const measured = pods.filter((p) => p.containers !== undefined && isReady(p.pod));
  if (measured.length === 0) throw new Error(`no metrics returned from resource metrics API`);
  const counts = (c: { name: string }) => container === undefined || c.name === container;
  const used = measured.map(({ containers = [] }) =>
    containers.filter(counts).reduce((sum, c) => sum + (name === 'cpu' ? c.cpu : c.memory), 0),
  );
  const total = used.reduce((sum, u) => sum + u, 0);
  const averageValue = total / measured.length;
  if (target.averageUtilization === undefined) {
    const wanted = quantityOf(target.averageValue);
    return { replicas: scaled(averageValue / wanted, replicas, measured.length), averageValue };
  }
  const asked = measured.reduce((sum, { pod }) => sum + requestOf(pod, name, counts), 0);
  const utilization = Math.floor((total * 100) / asked);
  const ratio = utilization / target.averageUtilization;
  return { replicas: scaled(ratio, replicas, measured.length), averageValue, averageUtilization: utilization };
}

function scaled(ratio: number, replicas: number, measured: number): number {
  if (Math.abs(ratio - 1) <= TOLERANCE) return replicas;
  return Math.ceil(ratio * measured - 1e-9);
}

function requestOf(pod: Pod, name: string, counts: (c: { name: string }) => boolean): number {
  const sidecars = (pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always');
  let sum = 0;
  for (const c of [...(pod.spec?.containers ?? []), ...sidecars].filter(counts)) {
    const request = c.resources?.requests?.[name];
    if (request === undefined)
      throw new Error(`missing request for ${name} in container ${c.name} of Pod ${pod.metadata.name}`);
    sum += quantityOf(request);
  }
  return sum;
}
