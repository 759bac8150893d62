// What Kubernetes' Go code defaults in kinds that keep their fields outside of `spec`, or beside it.
import type { KubeObject } from '../../../mesh/objects.ts';
import { isMap } from '../patch-merge.ts';
import { child, fill, maps } from './fill.ts';

type Map = Record<string, unknown>;

/** In place. */
export function setObjectDefaults(resource: string, object: KubeObject): void {
  objectDefaults[resource]?.(object);
}

const RBAC = 'rbac.authorization.k8s.io';

const objectDefaults: Record<string, (object: KubeObject) => void> = {
  endpoints({ subsets }) {
    for (const subset of maps(subsets)) for (const port of maps(subset.ports)) fill(port, { protocol: 'TCP' });
  },
  'discovery.k8s.io/endpointslices'({ endpoints, ports }) {
    for (const endpoint of maps(endpoints)) fill(endpoint, { conditions: {} });
    for (const port of maps(ports)) fill(port, { name: '', protocol: 'TCP' });
  },
  [`${RBAC}/rolebindings`]: binding,
  [`${RBAC}/clusterrolebindings`]: binding,
  'storage.k8s.io/storageclasses': (object) =>
    fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  'storage.k8s.io/csidrivers'({ spec }) {
    if (!isMap(spec)) return;
    fill(spec, {
      attachRequired: true,
      podInfoOnMount: false,
      volumeLifecycleModes: ['Persistent'],
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      storageCapacity: false,
      requiresRepublish: false,
      seLinuxMount: false,
    });
  },
  'scheduling.k8s.io/priorityclasses': (object) => fill(object, { preemptionPolicy: 'PreemptLowerPriority' }),
  'admissionregistration.k8s.io/mutatingwebhookconfigurations'({ webhooks }) {
    for (const webhook of maps(webhooks)) {
      hook(webhook);
      fill(webhook, { reinvocationPolicy: 'Never' });
    }
  },
  'admissionregistration.k8s.io/validatingwebhookconfigurations'({ webhooks }) {
    for (const webhook of maps(webhooks)) hook(webhook);
  },
  'admissionregistration.k8s.io/validatingadmissionpolicies'({ spec }) {
    if (!isMap(spec)) return;
    fill(spec, { failurePolicy: 'Fail' });
    if (isMap(spec.matchConstraints)) resources(spec.matchConstraints);
  },
  'admissionregistration.k8s.io/validatingadmissionpolicybindings'({ spec }) {
    if (!isMap(spec)) return;
    if (isMap(spec.matchResources)) resources(spec.matchResources);
  },
  'apiextensions.k8s.io/customresourcedefinitions'({ spec }) {
    if (!isMap(spec)) return;
    fill(child(spec, 'conversion'), { strategy: 'None' });
    const names = child(spec, 'names');
    if (typeof names.kind === 'string' && names.kind !== '')
      fill(names, { singular: names.kind.toLowerCase(), listKind: `${names.kind}List` });
  },
};

function binding(object: KubeObject): void {
  const { roleRef, subjects } = object;
  if (isMap(roleRef) && !roleRef.apiGroup) roleRef.apiGroup = RBAC;
  for (const subject of maps(subjects))
    if ((subject.kind === 'User' || subject.kind === 'Group') && !subject.apiGroup) subject.apiGroup = RBAC;
}

function hook(webhook: Map): void {
  fill(webhook, { failurePolicy: 'Fail', matchPolicy: 'Equivalent', timeoutSeconds: 10 });
  fill(webhook, { namespaceSelector: {}, objectSelector: {} });
  for (const rule of maps(webhook.rules)) fill(rule, { scope: '*' });
  const { clientConfig } = webhook;
  if (isMap(clientConfig) && isMap(clientConfig.service)) fill(clientConfig.service, { port: 443 });
}

function resources(matched: Map): void {
  fill(matched, { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} });
  for (const rule of [...maps(matched.resourceRules), ...maps(matched.excludeResourceRules)])
    fill(rule, { scope: '*' });
}
