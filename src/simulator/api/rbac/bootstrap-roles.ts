// The roles that every cluster has from the start, for people to bind to: who may see, who may edit, and what everybody may
// ask. Those of the cluster's own programs are not here: nothing in this cluster asks leave under their names.
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Registry } from '../../contract.ts';

const RBAC = 'rbac.authorization.k8s.io';
const BOOTSTRAP = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };

/** Creates what is missing, at each start, as the API server does. */
export function ensureBootstrapRoles(registry: Registry): void {
  for (const role of [...aggregated, ...plain]) ensure(registry, 'clusterroles', clusterRole(role));
  for (const binding of bindings) ensure(registry, 'clusterrolebindings', clusterRoleBinding(binding));
}

function ensure(registry: Registry, plural: string, object: KubeObject): void {
  const resource = `${RBAC}/${plural}`;
  if (!registry.get(resource, undefined, object.metadata.name)) registry.create(resource, object);
}

interface Role {
  name: string;
  /** `aggregate-to-…`: those that are made of this one, too. */
  into?: string;
  /** Made of all that go into it. */
  from?: string;
  rules?: object[];
}

const read = ['get', 'list', 'watch'];
const write = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const all = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** `rule('apps', 'deployments deployments/scale', read)` */
const rule = (group: string, resources: string, verbs: string[]): object => ({
  apiGroups: [group],
  resources: resources.split(' '),
  verbs,
});
const addresses = (urls: string, verbs = ['get']): object => ({ nonResourceURLs: urls.split(' '), verbs });

const aggregated: Role[] = [
  { name: 'admin', from: 'admin' },
  { name: 'edit', from: 'edit', into: 'admin' },
  { name: 'view', from: 'view', into: 'edit' },
];

const plain: Role[] = [
  { name: 'cluster-admin', rules: [rule('*', '*', ['*']), addresses('*', ['*'])] },
  {
    name: 'system:aggregate-to-admin',
    into: 'admin',
    rules: [
      rule('authorization.k8s.io', 'localsubjectaccessreviews', ['create']),
      rule(RBAC, 'rolebindings roles', all),
    ],
  },
  {
    name: 'system:aggregate-to-edit',
    into: 'edit',
    rules: [
      rule('', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy', read),
      rule('', 'serviceaccounts', ['impersonate']),
      rule('', 'pods pods/attach pods/exec pods/portforward pods/proxy', write),
      rule('', 'pods/eviction', ['create']),
      rule(
        '',
        'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
        write,
      ),
      rule('', 'serviceaccounts/token', ['create']),
      rule(
        'apps',
        'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale',
        write,
      ),
      rule('autoscaling', 'horizontalpodautoscalers', write),
      rule('batch', 'cronjobs jobs', write),
      rule(
        'extensions',
        'daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale',
        write,
      ),
      rule('policy', 'poddisruptionbudgets', write),
      rule('networking.k8s.io', 'ingresses networkpolicies', write),
      rule('coordination.k8s.io', 'leases', all),
      rule('resource.k8s.io', 'resourceclaims resourceclaimtemplates', write),
    ],
  },
  {
    name: 'system:aggregate-to-view',
    into: 'view',
    rules: [
      rule(
        '',
        'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
        read,
      ),
      rule(
        '',
        'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
        read,
      ),
      rule('', 'namespaces', read),
      rule('discovery.k8s.io', 'endpointslices', read),
      rule(
        'apps',
        'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
        read,
      ),
      rule('autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status', read),
      rule('batch', 'cronjobs cronjobs/status jobs jobs/status', read),
      rule(
        'extensions',
        'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale',
        read,
      ),
      rule('policy', 'poddisruptionbudgets poddisruptionbudgets/status', read),
      rule('networking.k8s.io', 'ingresses ingresses/status networkpolicies', read),
      rule('resource.k8s.io', 'resourceclaims resourceclaims/status resourceclaimtemplates', read),
    ],
  },
  {
    name: 'system:auth-delegator',
    rules: [
      rule('authentication.k8s.io', 'tokenreviews', ['create']),
      rule('authorization.k8s.io', 'subjectaccessreviews', ['create']),
    ],
  },
  {
    name: 'system:basic-user',
    rules: [
      rule('authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews', ['create']),
      rule('authentication.k8s.io', 'selfsubjectreviews', ['create']),
    ],
  },
  {
    name: 'system:discovery',
    rules: [addresses('/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/')],
  },
  {
    name: 'system:monitoring',
    rules: [
      addresses('/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*'),
      rule('', 'nodes/metrics', ['get']),
    ],
  },
  { name: 'system:public-info-viewer', rules: [addresses('/healthz /livez /readyz /version /version/')] },
];

const bindings: { name: string; groups: string[] }[] = [
  { name: 'cluster-admin', groups: ['system:masters'] },
  { name: 'system:basic-user', groups: ['system:authenticated'] },
  { name: 'system:discovery', groups: ['system:authenticated'] },
  { name: 'system:monitoring', groups: ['system:monitoring'] },
  { name: 'system:public-info-viewer', groups: ['system:authenticated', 'system:unauthenticated'] },
];

function clusterRole({ name, into, from, rules }: Role): KubeObject {
  const labels = { ...BOOTSTRAP, ...(into ? { [`${RBAC}/aggregate-to-${into}`]: 'true' } : {}) };
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name, labels, annotations: { [`${RBAC}/autoupdate`]: 'true' } },
    ...(from
      ? { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [`${RBAC}/aggregate-to-${from}`]: 'true' } }] } }
      : {}),
    rules: rules ?? [],
  };
}

function clusterRoleBinding({ name, groups }: { name: string; groups: string[] }): KubeObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: BOOTSTRAP, annotations: { [`${RBAC}/autoupdate`]: 'true' } },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
    subjects: groups.map((group) => ({ apiGroup: RBAC, kind: 'Group', name: group })),
  };
}
