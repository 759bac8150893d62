// Pod Security admission: a namespace's labels say what its pods may not do.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Registry, ResourceId } from '../../contract.ts';
import { forbidden, invalid } from '../errors.ts';
import { policyOf, shown, stricter, told, violations, wrongLabels } from './levels.ts';
import { type Fields, fieldsOf } from './parts.ts';

type Reads = Pick<Registry, 'get' | 'list'>;

export interface Written {
  resource: ResourceId;
  object: KubeObject;
  previous?: KubeObject | undefined;
  warn(text: string): void;
}

/** Throws ApiError: 403 for a pod that its namespace does not allow, 422 for a namespace's labels that mean nothing. */
export function checkPodSecurity(registry: Reads, written: Written): void {
  if (written.resource === 'namespaces') checkNamespace(registry, written);
  else if (written.resource === 'pods') checkPod(registry, written);
  else checkTemplate(registry, written);
}

function checkPod(registry: Reads, { object, previous, warn }: Written): void {
  const spec = fieldsOf(object.spec);
  // Nothing else of a pod that may be changed matters here.
  if (previous && sameText(spec.ephemeralContainers, fieldsOf(previous.spec).ephemeralContainers)) return;
  const policy = policyIn(registry, object);
  const refused = violations(spec, policy.enforce);
  if (refused.length > 0)
    throw forbidden(`pods "${object.metadata.name}" is forbidden: violates ${told(refused, policy.enforce)}`);
  const warned = violations(spec, policy.warn);
  if (warned.length > 0) warn(`would violate ${told(warned, policy.warn)}`);
}

function checkTemplate(registry: Reads, { resource, object, warn }: Written): void {
  const spec = templates[resource]?.(object);
  if (!spec) return;
  const { warn: policy } = policyIn(registry, object);
  const found = violations(spec, policy);
  if (found.length > 0) warn(`would violate ${told(found, policy)}`);
}

const ofSpec = ({ spec }: KubeObject): Fields => fieldsOf(fieldsOf(fieldsOf(spec).template).spec);

/** What makes pods, and where it says how. */
const templates: Record<ResourceId, (object: KubeObject) => Fields> = {
  replicationcontrollers: ofSpec,
  'apps/deployments': ofSpec,
  'apps/replicasets': ofSpec,
  'apps/statefulsets': ofSpec,
  'apps/daemonsets': ofSpec,
  'batch/jobs': ofSpec,
  'batch/cronjobs': ({ spec }) => fieldsOf(fieldsOf(fieldsOf(fieldsOf(fieldsOf(spec).jobTemplate).spec).template).spec),
  podtemplates: ({ template }) => fieldsOf(fieldsOf(template).spec),
};

/** A stricter level is for pods to come; those that are there and break it are told of. */
function checkNamespace(registry: Reads, { object, previous, warn }: Written): void {
  const { name, labels } = object.metadata;
  const before = previous && wrongLabels(previous.metadata.labels);
  const causes = wrongLabels(labels);
  if (causes.length > 0 && !before?.length) throw invalid('Namespace', '', name, causes);
  if (!previous) return;
  const { enforce } = policyOf(labels);
  const old = policyOf(previous.metadata.labels).enforce;
  if (!stricter(enforce, old)) return;
  const groups = new Map<string, string[]>();
  for (const pod of registry.list('pods', name)) {
    const reasons = violations(fieldsOf(pod.spec), enforce).map(({ reason }) => reason);
    if (reasons.length > 0)
      groups.set(reasons.join(', '), [...(groups.get(reasons.join(', ')) ?? []), pod.metadata.name]);
  }
  if (groups.size === 0) return;
  warn(`existing pods in namespace "${name}" violate the new PodSecurity enforce level "${shown(enforce)}"`);
  const lines = [...groups].map(([reasons, pods]) => `${counted(pods.sort())}: ${reasons}`);
  for (const line of lines.sort()) warn(line);
}

function counted([first = '', ...others]: string[]): string {
  if (others.length === 0) return first;
  return `${first} (and ${others.length} other pod${others.length === 1 ? '' : 's'})`;
}

function policyIn(registry: Reads, { metadata }: KubeObject) {
  return policyOf(registry.get('namespaces', undefined, metadata.namespace ?? '')?.metadata.labels);
}

const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? []) === JSON.stringify(b ?? []);
