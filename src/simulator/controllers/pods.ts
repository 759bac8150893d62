import type { KubeObject, OwnerReference } from '../../mesh/objects.ts';
import type { Clock, Registry, ResourceId } from '../contract.ts';
import { copyOf } from '../copy.ts';
import type { RecordEvent } from './event-recorder.ts';
import type { Condition, Pod, PodTemplate } from './kinds.ts';
import { parseTime } from './time.ts';

export function conditionOf(conditions: Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((c) => c.type === type);
}

export function isReady(pod: Pod): boolean {
  return conditionOf(pod.status?.conditions, 'Ready')?.status === 'True';
}

/** Milliseconds until a pod counts as available: 0 when it is, undefined when it is not ready. */
export function untilAvailable(pod: Pod, minReadySeconds: number, clock: Clock): number | undefined {
  if (!isReady(pod)) return undefined;
  if (minReadySeconds === 0) return 0;
  const since = parseTime(conditionOf(pod.status?.conditions, 'Ready')?.lastTransitionTime);
  return Math.max(0, since + minReadySeconds * 1000 - clock.now());
}

export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Neither finished nor being deleted. */
export function isActive(pod: Pod): boolean {
  return !isFinished(pod) && !pod.metadata.deletionTimestamp;
}

export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller);
}

export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}

export function ownerReferenceTo(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** A pod of `owner` made from its template; the API server completes the generated name. */
export function podFromTemplate(template: PodTemplate, owner: KubeObject, generateName: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: '',
      generateName,
      ...(owner.metadata.namespace && { namespace: owner.metadata.namespace }),
      ...(template.metadata?.labels && { labels: { ...template.metadata.labels } }),
      ...(template.metadata?.annotations && { annotations: { ...template.metadata.annotations } }),
      ownerReferences: [ownerReferenceTo(owner)],
    },
    spec: copyOf(template.spec),
  };
}

/** Creates a pod and says so in an event of its owner; a refusal is an event too, and is thrown on. */
export function createPod(registry: Registry, record: RecordEvent, owner: KubeObject, pod: Pod): KubeObject {
  try {
    const created = registry.create('pods', pod);
    record(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
    return created;
  } catch (error) {
    record(owner, 'Warning', 'FailedCreate', `Error creating: ${messageOf(error)}`);
    throw error;
  }
}

export function deletePod(registry: Registry, record: RecordEvent, owner: KubeObject, pod: Pod): void {
  if (!registry.remove('pods', pod.metadata.namespace, pod.metadata.name)) return;
  record(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
}

export function setStatus(registry: Registry, resource: ResourceId, object: KubeObject, status: unknown): void {
  const change = (copy: KubeObject) => {
    copy.status = status;
  };
  registry.edit(resource, object.metadata.namespace, object.metadata.name, change, { subresource: 'status' });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `namespace/name`, the key of work queues. */
export function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

export function splitKey(key: string): [namespace: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
