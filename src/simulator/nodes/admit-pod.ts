// What the API server's own admission plugins make of a new pod: ServiceAccount, Priority, DefaultTolerationSeconds,
// and the status that every pod starts with.

import type { KubeObject } from '../../mesh/objects.ts';
import type { Container, Pod, PodSpec, Toleration, Volume } from '../controllers/kinds.ts';
import { copyOf } from '../copy.ts';
import { qosClassOf } from './pod-resources.ts';

const MIRROR = 'kubernetes.io/config.mirror';
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const TOKEN_VOLUME = 'kube-api-access-';
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** One for all pods: nobody writes to a stored object, and who changes one begins with a copy. */
const TOKEN: NonNullable<Volume['projected']> = {
  defaultMode: 420,
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } as { name: string } },
    {
      downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] },
    },
  ],
};

/** The two classes that every cluster has. */
const PRIORITIES: Record<string, number> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};

export interface AdmissionFacts {
  /** The pod's ServiceAccount, when it exists: it may switch off its token and bring pull secrets. */
  serviceAccount?: KubeObject;
  /** Of the pod's PriorityClass, or of the one that is the default for all. */
  priority?: PriorityFacts | undefined;
  random?: () => number;
}

export interface PriorityFacts {
  className: string;
  value: number;
  preemptionPolicy: string;
}

/**
 * A copy of the pod as it is stored on CREATE. Applied to its own answer it adds nothing, save to containers that came
 * meanwhile: call it before the mutating webhooks and again after one has changed the pod, as the API server does.
 */
export function admitPod(pod: KubeObject, facts: AdmissionFacts = {}): KubeObject {
  const admitted = copyOf(pod) as Pod;
  const spec = admitted.spec;
  if (!spec?.containers) return admitted;
  if (!isMirror(pod)) useServiceAccount(spec, facts);
  usePriority(spec, facts.priority);
  tolerateBriefOutages(spec);
  admitted.status = { phase: 'Pending', qosClass: qosClassOf(spec) };
  return admitted;
}

/** The image in the API of a pod that a kubelet runs from a file: it has no account. */
export function isMirror(pod: KubeObject): boolean {
  return pod.metadata.annotations?.[MIRROR] !== undefined;
}

/** The account that a pod runs as, to look it up before it is admitted. */
export function serviceAccountOf(pod: KubeObject): string {
  const { serviceAccountName, serviceAccount } = (pod as Pod).spec ?? {};
  return serviceAccountName || serviceAccount || 'default';
}

function useServiceAccount(spec: PodSpec, { serviceAccount, random = Math.random }: AdmissionFacts) {
  spec.serviceAccountName = spec.serviceAccountName || spec.serviceAccount || 'default';
  spec.serviceAccount = spec.serviceAccountName;
  const secrets = serviceAccount?.imagePullSecrets;
  if (!spec.imagePullSecrets?.length && Array.isArray(secrets)) spec.imagePullSecrets = secrets;
  const automount = spec.automountServiceAccountToken ?? serviceAccount?.automountServiceAccountToken ?? true;
  if (automount) mountToken(spec, random);
}

function mountToken(spec: PodSpec, random: () => number) {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const without = containers.filter((c) => !c.volumeMounts?.some((m) => m.mountPath === TOKEN_PATH));
  if (without.length === 0) return;
  const known = spec.volumes?.find((v) => v.name.startsWith(TOKEN_VOLUME));
  const volume = known ?? tokenVolume(random);
  if (!known) spec.volumes = (spec.volumes ?? []).concat(volume);
  for (const container of without) addMount(container, volume.name);
}

function addMount(container: Container, volume: string) {
  const mount = { name: volume, readOnly: true, mountPath: TOKEN_PATH };
  container.volumeMounts = (container.volumeMounts ?? []).concat(mount);
}

function tokenVolume(random: () => number): Volume {
  let name = TOKEN_VOLUME;
  for (let i = 0; i < 5; i++) name += ALPHABET[Math.floor(random() * ALPHABET.length)];
  return { name, projected: TOKEN };
}

function usePriority(spec: PodSpec, facts: PriorityFacts | undefined) {
  if (facts && spec.priority === undefined) {
    spec.priorityClassName = facts.className;
    spec.priority = facts.value;
    spec.preemptionPolicy ??= facts.preemptionPolicy;
  }
  spec.priority ??= PRIORITIES[spec.priorityClassName ?? ''] ?? 0;
  spec.preemptionPolicy ??= 'PreemptLowerPriority';
}

/** Five minutes on a node that is not ready or not reachable, unless the pod says otherwise. */
function tolerateBriefOutages(spec: PodSpec) {
  for (const brief of BRIEF_OUTAGES) {
    const says = (t: Toleration) => (!t.key || t.key === brief.key) && (!t.effect || t.effect === 'NoExecute');
    if (!spec.tolerations?.some(says)) spec.tolerations = (spec.tolerations ?? []).concat(brief);
  }
}

const BRIEF_OUTAGES: readonly Toleration[] = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map(
  (key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }),
);
