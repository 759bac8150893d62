// The workload a pod belongs to, as istiod works it out from the pod alone.
import type { PodObject } from './pod-shape.ts';

export interface WorkloadOwner {
  apiVersion: string;
  kind: string;
  name: string;
}

export function workloadOwner(pod: PodObject): WorkloadOwner {
  const owner = pod.metadata.ownerReferences?.find((o) => o.controller);
  if (!owner) return { apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name };
  const { apiVersion, kind, name } = owner;
  const hash = pod.metadata.labels?.['pod-template-hash'];
  if (kind === 'ReplicaSet' && hash && name.endsWith(`-${hash}`))
    return { apiVersion: 'apps/v1', kind: 'Deployment', name: name.slice(0, -hash.length - 1) };
  const scheduled = kind === 'Job' ? /^(.+)-\d{8,10}$/.exec(name)?.[1] : undefined;
  if (scheduled) return { apiVersion: 'batch/v1', kind: 'CronJob', name: scheduled };
  return { apiVersion, kind, name };
}
