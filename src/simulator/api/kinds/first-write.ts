// What the API server itself writes into a new object, and keeps up when it changes: first status, own labels, guards.
import type { KubeObject } from '../../../mesh/objects.ts';
import { copyOf } from '../../copy.ts';
import { isMap } from '../patch-merge.ts';
import { child, fill } from '../schemas/fill.ts';

/** The status that a new object of each resource begins with. A pod's is the work of admission. */
const statuses: Readonly<Record<string, unknown>> = {
  namespaces: { phase: 'Active' },
  services: { loadBalancer: {} },
  persistentvolumeclaims: { phase: 'Pending' },
  resourcequotas: {},
  replicationcontrollers: { replicas: 0 },
  'apps/deployments': {},
  'apps/replicasets': { replicas: 0 },
  'apps/statefulsets': { replicas: 0, availableReplicas: 0 },
  'apps/daemonsets': {
    currentNumberScheduled: 0,
    desiredNumberScheduled: 0,
    numberMisscheduled: 0,
    numberReady: 0,
  },
  'batch/jobs': {},
  'batch/cronjobs': {},
  'autoscaling/horizontalpodautoscalers': { desiredReplicas: 0, currentMetrics: null },
  'policy/poddisruptionbudgets': { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  'networking.k8s.io/ingresses': { loadBalancer: {} },
  'admissionregistration.k8s.io/validatingadmissionpolicies': {},
};

const guards: Readonly<Record<string, string>> = {
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  persistentvolumes: 'kubernetes.io/pv-protection',
};

/** In place. `now` as timestamps are written. */
export function firstWrite(resource: string, object: KubeObject, now: string): void {
  const status = statuses[resource];
  if (status !== undefined) object.status = copyOf(status);
  if (resource === 'persistentvolumes') object.status = { phase: 'Pending', lastPhaseTransitionTime: now };
  const guard = guards[resource];
  if (guard && !object.metadata.finalizers?.includes(guard))
    object.metadata.finalizers = [...(object.metadata.finalizers ?? []), guard];
  if (resource === 'apiextensions.k8s.io/customresourcedefinitions') notYetAccepted(object);
  if (resource === 'batch/jobs') selectOwnPods(object);
  if (resource === 'apps/daemonsets') markTemplate(object, '1');
}

/** In place. */
export function laterWrite(resource: string, object: KubeObject, previous: KubeObject): void {
  // What was asked to be signed stays.
  if (resource === 'certificates.k8s.io/certificatesigningrequests') object.spec = previous.spec;
  if (resource !== 'apps/daemonsets') return;
  const before = Number(previous.metadata.annotations?.[TEMPLATE_GENERATION] ?? 1);
  const same = JSON.stringify(templateOf(object)) === JSON.stringify(templateOf(previous));
  markTemplate(object, String(same ? before : before + 1));
}

const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

function markTemplate(object: KubeObject, generation: string): void {
  object.metadata.annotations = { ...object.metadata.annotations, [TEMPLATE_GENERATION]: generation };
}

const templateOf = ({ spec }: KubeObject): unknown => (isMap(spec) ? spec.template : undefined);

/** Whether its names are free is looked at once it is there. */
function notYetAccepted(crd: KubeObject): void {
  const { spec } = crd;
  const versions = isMap(spec) && Array.isArray(spec.versions) ? spec.versions.filter(isMap) : [];
  crd.status = {
    conditions: null,
    acceptedNames: { plural: '', kind: '' },
    storedVersions: versions.filter(({ storage }) => storage === true).map(({ name }) => name),
  };
}

/** A Job selects its pods by its own uid, unless whoever writes it says how. */
function selectOwnPods(job: KubeObject): void {
  const { spec } = job;
  if (!isMap(spec) || spec.manualSelector === true || !isMap(spec.template)) return;
  const { name, uid = '' } = job.metadata;
  const labels = child(child(spec.template, 'metadata'), 'labels');
  fill(labels, {
    'job-name': name,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'batch.kubernetes.io/controller-uid': uid,
  });
  fill(child(child(spec, 'selector'), 'matchLabels'), { 'batch.kubernetes.io/controller-uid': uid });
  if (Object.keys(job.metadata.labels ?? {}).length === 0)
    job.metadata.labels = { ...(labels as Record<string, string>) };
}

/** Whether the server counts the generations of a kind. */
export function hasGeneration({ group, kind, crd }: { group: string; kind: string; crd?: unknown }): boolean {
  if (crd !== undefined) return true;
  return counted.has(group) ? !uncounted.has(kind) : alsoCounted.has(kind);
}

const counted = new Set([
  'apps',
  'batch',
  'policy',
  'networking.k8s.io',
  'discovery.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
]);
const uncounted = new Set(['ControllerRevision', 'IPAddress', 'ServiceCIDR']);
const alsoCounted = new Set([
  'Pod',
  'PodTemplate',
  'ReplicationController',
  'PriorityClass',
  'DeviceClass',
  'ResourceSlice',
]);
