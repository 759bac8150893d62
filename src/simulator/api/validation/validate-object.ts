// An object of a built-in kind against the rules of its kind. Custom kinds have their schema.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { StatusCause } from '../errors.ts';
import { isMap } from '../patch-merge.ts';
import { checkDefinition } from './definitions.ts';
import { checkEphemeral } from './ephemeral.ts';
import { checkMetadata, checkMetadataUpdate } from './metadata.ts';
import {
  checkBinding,
  checkConfigMap,
  checkLease,
  checkLimits,
  checkPriorityClass,
  checkQuota,
  checkRules,
  checkSecret,
  checkWebhooks,
} from './others.ts';
import { checkResize } from './pod-resize.ts';
import { checkPodUpdate } from './pod-updates.ts';
import { checkPodSpec } from './pods.ts';
import { checkPolicy, checkPolicyBinding } from './policies.ts';
import { createProblems, type Problems } from './problems.ts';
import { checkEndpoints, checkIngress, checkNetworkPolicy, checkService, checkSlice } from './services.ts';
import { checkSigningRequest } from './signing-requests.ts';
import { checkClaim, checkStorageClass, checkVolume } from './storage.ts';
import { checkAutoscaler, checkBudget, checkCronJob, checkJob, checkWorkload } from './workloads.ts';

type Map = Record<string, unknown>;

interface Checked {
  object: KubeObject;
  previous: KubeObject | undefined;
  subresource: string | undefined;
  spec: Map;
  before: Map | undefined;
}

type Check = (checked: Checked, problems: Problems) => void;

/** All that is wrong with it, in the order in which the API server says it; `previous` is what an update replaces. */
export function validateObject(
  object: KubeObject,
  previous: KubeObject | undefined,
  resource: string,
  subresource?: string,
): StatusCause[] {
  const problems = createProblems();
  checkMetadata(object, resource, problems);
  if (previous) checkMetadataUpdate(object, previous, problems);
  const spec = isMap(object.spec) ? object.spec : {};
  const before = previous && isMap(previous.spec) ? previous.spec : undefined;
  checks[resource]?.({ object, previous, subresource, spec, before }, problems);
  return problems.causes;
}

const workload: Check = ({ object, spec, before }, p) => checkWorkload(object.kind, spec, before, p.at('spec'));
const role =
  (namespaced: boolean): Check =>
  ({ object }, p) =>
    checkRules(object.rules, namespaced, p);
const binding: Check = ({ object, previous }, p) => checkBinding(object, previous, p);
const webhooks: Check = ({ object }, p) => checkWebhooks(object, p);

const checks: Record<string, Check> = {
  pods({ spec, before, object, subresource }, p) {
    const volumes = checkPodSpec(spec, p.at('spec'));
    if (before && subresource === 'ephemeralcontainers')
      checkEphemeral(spec, before, volumes, p.at('spec', 'ephemeralContainers'));
    if (before && subresource === 'resize') checkResize(spec, before, p.at('spec'));
    if (before && !object.metadata.deletionTimestamp) checkPodUpdate(spec, before, subresource, p.at('spec'));
    else if (!before && Array.isArray(spec.ephemeralContainers) && spec.ephemeralContainers.length > 0)
      p.at('spec', 'ephemeralContainers').forbidden('cannot be set on create');
  },
  services: ({ spec }, p) => checkService(spec, p.at('spec')),
  endpoints: ({ object }, p) => checkEndpoints(object.subsets, p),
  configmaps: ({ object, previous }, p) => checkConfigMap(object, previous, p),
  secrets: ({ object, previous }, p) => checkSecret(object, previous, p),
  events({ object }, p) {
    const about = isMap(object.involvedObject) ? object.involvedObject.namespace : undefined;
    const own = object.metadata.namespace;
    if (typeof about === 'string' && about !== '' && about !== own)
      p.at('involvedObject', 'namespace').invalid(about, 'does not match event.namespace');
  },
  resourcequotas: ({ spec }, p) => checkQuota(spec, p.at('spec')),
  limitranges: ({ spec }, p) => checkLimits(spec, p.at('spec')),
  persistentvolumes: ({ object, previous }, p) => checkVolume(object, previous, p.at('spec')),
  persistentvolumeclaims: ({ object, previous }, p) => checkClaim(object, previous, p.at('spec')),
  'apps/deployments': workload,
  'apps/replicasets': workload,
  'apps/statefulsets': workload,
  'apps/daemonsets': workload,
  'batch/jobs': ({ spec, before }, p) => checkJob(spec, before, p.at('spec')),
  'batch/cronjobs': ({ object, spec }, p) => checkCronJob(object.metadata.name, spec, p.at('spec'), p),
  'autoscaling/horizontalpodautoscalers': ({ spec }, p) => checkAutoscaler(spec, p.at('spec')),
  'policy/poddisruptionbudgets': ({ spec }, p) => checkBudget(spec, p.at('spec')),
  'networking.k8s.io/ingresses': ({ spec }, p) => checkIngress(spec, p.at('spec')),
  'networking.k8s.io/networkpolicies': ({ spec }, p) => checkNetworkPolicy(spec, p.at('spec')),
  'discovery.k8s.io/endpointslices': ({ object, previous }, p) => checkSlice(object, previous, p),
  'coordination.k8s.io/leases': ({ spec }, p) => checkLease(spec, p.at('spec')),
  'rbac.authorization.k8s.io/roles': role(true),
  'rbac.authorization.k8s.io/clusterroles': role(false),
  'rbac.authorization.k8s.io/rolebindings': binding,
  'rbac.authorization.k8s.io/clusterrolebindings': binding,
  'storage.k8s.io/storageclasses': ({ object, previous }, p) => checkStorageClass(object, previous, p),
  'scheduling.k8s.io/priorityclasses': ({ object, previous }, p) => checkPriorityClass(object, previous, p),
  'apiextensions.k8s.io/customresourcedefinitions': ({ object, previous }, p) => checkDefinition(object, previous, p),
  'certificates.k8s.io/certificatesigningrequests': ({ spec, before }, p) => {
    if (!before) checkSigningRequest(spec, p.at('spec'));
  },
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': webhooks,
  'admissionregistration.k8s.io/validatingwebhookconfigurations': webhooks,
  'admissionregistration.k8s.io/validatingadmissionpolicies': ({ spec }, p) => checkPolicy(spec, p.at('spec')),
  'admissionregistration.k8s.io/validatingadmissionpolicybindings': ({ spec }, p) =>
    checkPolicyBinding(spec, p.at('spec')),
};
