// The claims of a StatefulSet's pods: each pod has its own, and finds them again when it comes back.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Registry } from '../../contract.ts';
import type { RecordEvent } from '../event-recorder.ts';
import type { LabelSelector, Pod } from '../kinds.ts';
import { messageOf, ownerReferenceTo } from '../pods.ts';
import { type ClaimTemplate, claimFrom } from './claim-template.ts';
import { CLAIMS } from './storage-kinds.ts';

export interface RetentionPolicy {
  whenDeleted?: string;
  whenScaled?: string;
}

type StatefulSet = KubeObject<{
  selector: LabelSelector;
  volumeClaimTemplates?: ClaimTemplate[];
  persistentVolumeClaimRetentionPolicy?: RetentionPolicy;
}>;

/** -1 for a pod whose name is not the set's. */
export function ordinalOf(set: KubeObject, pod: Pod): number {
  const prefix = `${set.metadata.name}-`;
  const rest = pod.metadata.name.startsWith(prefix) ? pod.metadata.name.slice(prefix.length) : '';
  return /^\d+$/.test(rest) ? Number(rest) : -1;
}

/** The pod with a volume for each template, in place of one of that name. */
export function withClaims(set: StatefulSet, pod: Pod): Pod {
  const templates = set.spec?.volumeClaimTemplates ?? [];
  if (templates.length === 0 || !pod.spec) return pod;
  const own = templates.map((template) => ({
    name: template.metadata?.name ?? '',
    persistentVolumeClaim: { claimName: claimName(set, template, pod) },
  }));
  const names = new Set(own.map(({ name }) => name));
  const others = (pod.spec.volumes ?? []).filter(({ name }) => !names.has(name));
  return { ...pod, spec: { ...pod.spec, volumes: [...own, ...others] } };
}

/** Those of the pod that are not there yet. A refusal is an event of the set, and is thrown on. */
export function createClaims(registry: Registry, record: RecordEvent, set: StatefulSet, pod: Pod): void {
  const { namespace } = set.metadata;
  const on = (name: string) => `Claim ${name} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
  for (const template of set.spec?.volumeClaimTemplates ?? []) {
    const name = claimName(set, template, pod);
    if (registry.get(CLAIMS, namespace, name)) continue;
    try {
      registry.create(CLAIMS, claimOf(set, template, name));
      record(set, 'Normal', 'SuccessfulCreate', `create ${on(name)} success`);
    } catch (error) {
      const about = `Claim ${name} for Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
      record(set, 'Warning', 'FailedCreate', `create ${about} failed error: ${messageOf(error)}`);
      throw error;
    }
  }
}

/**
 * Whose the claims of pods are that are not wanted any more: with `whenScaled: Delete` the pod's, and the garbage collector
 * takes them with it. They are the set's from the start with `whenDeleted: Delete`.
 */
export function keepClaims(registry: Registry, set: StatefulSet, surplus: readonly Pod[]): void {
  if (set.spec?.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return;
  for (const pod of surplus)
    for (const template of set.spec.volumeClaimTemplates ?? [])
      registry.edit(CLAIMS, set.metadata.namespace, claimName(set, template, pod), ({ metadata }) => {
        metadata.ownerReferences = [{ ...ownerReferenceTo(pod), apiVersion: 'v1', kind: 'Pod' }];
      });
}

function claimName(set: StatefulSet, template: ClaimTemplate, pod: Pod): string {
  return `${template.metadata?.name ?? ''}-${set.metadata.name}-${ordinalOf(set, pod)}`;
}

function claimOf(set: StatefulSet, template: ClaimTemplate, name: string): KubeObject {
  const { namespace } = set.metadata;
  const goes = set.spec?.persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete';
  const labels = { ...template.metadata?.labels, ...set.spec?.selector.matchLabels };
  return claimFrom(template, { name, namespace, labels, ...(goes && { owner: set }) });
}
