// Service accounts and what they may do.
import type { KubeObject } from '../../../mesh/objects.ts';
import { chartLabels } from './labels.ts';

export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const rbac = 'rbac.authorization.k8s.io';
const read = ['get', 'list', 'watch'];
const write = ['get', 'watch', 'list', 'update', 'patch', 'create', 'delete'];
const istioGroups = ['config', 'security', 'networking', 'authentication', 'rbac', 'telemetry', 'extensions'].map(
  (group) => `${group}.istio.io`,
);
const rule = (group: string, resources: string[], verbs: string[]): Rule => ({ apiGroups: [group], resources, verbs });
const reviews = [
  rule('authentication.k8s.io', ['tokenreviews'], ['create']),
  rule('authorization.k8s.io', ['subjectaccessreviews'], ['create']),
];
const gatewayApi = 'gateway.networking.k8s.io';

const istiodRules: Rule[] = [
  rule('admissionregistration.k8s.io', ['mutatingwebhookconfigurations'], [...read, 'update', 'patch']),
  rule('admissionregistration.k8s.io', ['validatingwebhookconfigurations'], [...read, 'update']),
  { apiGroups: istioGroups, resources: ['*'], verbs: ['get', 'watch', 'list'] },
  rule('networking.istio.io', ['workloadentries'], write),
  rule('networking.istio.io', ['workloadentries/status', 'serviceentries/status'], write),
  rule('security.istio.io', ['authorizationpolicies/status'], write),
  rule('', ['services/status'], write),
  rule('apiextensions.k8s.io', ['customresourcedefinitions'], read),
  rule('', ['pods', 'nodes', 'services', 'namespaces', 'endpoints'], read),
  rule('discovery.k8s.io', ['endpointslices'], read),
  rule('networking.k8s.io', ['ingresses', 'ingressclasses'], read),
  rule('networking.k8s.io', ['ingresses/status'], ['*']),
  rule('', ['configmaps'], ['create', ...read, 'update']),
  ...reviews,
  { apiGroups: [gatewayApi, 'gateway.networking.x-k8s.io'], resources: ['*'], verbs: ['get', 'watch', 'list'] },
  rule('gateway.networking.x-k8s.io', ['xbackendtrafficpolicies/status'], ['update', 'patch']),
  rule(
    gatewayApi,
    [
      'backendtlspolicies/status',
      'gatewayclasses/status',
      'gateways/status',
      'grpcroutes/status',
      'httproutes/status',
      'referencegrants/status',
      'tcproutes/status',
      'tlsroutes/status',
      'udproutes/status',
      'listenersets/status',
    ],
    ['update', 'patch'],
  ),
  rule(gatewayApi, ['gatewayclasses'], ['create', 'update', 'patch', 'delete']),
  rule('inference.networking.k8s.io', ['inferencepools'], ['get', 'watch', 'list']),
  rule('inference.networking.k8s.io', ['inferencepools/status'], ['update', 'patch']),
  rule('', ['secrets'], ['get', 'watch', 'list']),
  rule('multicluster.x-k8s.io', ['serviceexports'], ['get', 'watch', 'list', 'create', 'delete']),
  rule('multicluster.x-k8s.io', ['serviceimports'], ['get', 'watch', 'list']),
];

const readerRules: Rule[] = [
  { apiGroups: istioGroups, resources: ['*'], verbs: read },
  rule(
    '',
    ['endpoints', 'pods', 'services', 'nodes', 'replicationcontrollers', 'namespaces', 'secrets', 'configmaps'],
    read,
  ),
  rule('networking.istio.io', ['workloadentries'], ['get', 'watch', 'list']),
  { apiGroups: ['networking.x-k8s.io', gatewayApi], resources: ['gateways'], verbs: ['get', 'watch', 'list'] },
  rule('apiextensions.k8s.io', ['customresourcedefinitions'], read),
  rule('discovery.k8s.io', ['endpointslices'], read),
  rule('multicluster.x-k8s.io', ['serviceexports'], [...read, 'create', 'delete']),
  rule('multicluster.x-k8s.io', ['serviceimports'], read),
  rule('apps', ['replicasets'], read),
  ...reviews,
];

const gatewayControllerRules: Rule[] = [
  rule('apps', ['deployments'], write),
  rule('autoscaling', ['horizontalpodautoscalers'], write),
  rule('policy', ['poddisruptionbudgets'], write),
  rule('', ['services'], write),
  rule('', ['serviceaccounts'], write),
];

const istiodRoleRules: Rule[] = [
  rule('networking.istio.io', ['gateways'], ['create']),
  rule('', ['secrets'], ['create', 'get', 'watch', 'list', 'update', 'delete']),
  rule('', ['configmaps'], ['delete']),
  rule('coordination.k8s.io', ['leases'], ['get', 'update', 'patch', 'create']),
];

export function readerServiceAccount(namespace: string): KubeObject {
  const labels = { app: 'istio-reader', ...chartLabels('base', 'istio-reader') };
  return serviceAccount('istio-reader-service-account', namespace, labels);
}

export function istiodRbac(namespace: string): KubeObject[] {
  const labels = { app: 'istiod', ...chartLabels('istiod', 'istiod') };
  const reader = { app: 'istio-reader', ...chartLabels('istiod', 'istio-reader') };
  return [
    serviceAccount('istiod', namespace, labels),
    ...clusterRole(
      `istio-reader-clusterrole-${namespace}`,
      readerRules,
      reader,
      'istio-reader-service-account',
      namespace,
    ),
    ...clusterRole(`istiod-clusterrole-${namespace}`, istiodRules, labels, 'istiod', namespace),
    ...clusterRole(`istiod-gateway-controller-${namespace}`, gatewayControllerRules, labels, 'istiod', namespace),
    ...role('istiod', namespace, istiodRoleRules, labels, { kind: 'ServiceAccount', name: 'istiod', namespace }),
  ];
}

/** A gateway reads the secrets of its own namespace: the TLS credentials that Gateways name. */
export function gatewayRbac(
  name: string,
  namespace: string,
  accountLabels: Record<string, string>,
  labels: Record<string, string>,
): KubeObject[] {
  const account = `${name}-service-account`;
  const rules = [rule('', ['secrets'], ['get', 'watch', 'list'])];
  return [
    serviceAccount(account, namespace, accountLabels),
    ...role(`${name}-sds`, namespace, rules, labels, { kind: 'ServiceAccount', name: account }),
  ];
}

type Labels = Record<string, string>;

function serviceAccount(name: string, namespace: string, labels: Labels): KubeObject {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels } };
}

function clusterRole(name: string, rules: Rule[], labels: Labels, account: string, namespace: string): KubeObject[] {
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace }];
  return [
    { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name, labels }, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
      subjects,
    },
  ];
}

function role(name: string, namespace: string, rules: Rule[], labels: Labels, subject: object): KubeObject[] {
  const metadata = { name, namespace, labels };
  return [
    { apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name },
      subjects: [subject],
    },
  ];
}
