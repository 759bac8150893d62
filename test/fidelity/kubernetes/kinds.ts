// The smallest object of each kind, with the path of its collection: asked for its defaults, its table and its describe.
import { container, template } from './objects.ts';

export interface Sample {
  kind: string;
  /** After the namespace, or of the whole cluster. */
  plural: string;
  /** `/api/v1` or `/apis/apps/v1`. */
  base: string;
  cluster?: boolean;
  object: Record<string, unknown>;
}

const apis = (group: string): string => (group === 'v1' ? '/api/v1' : `/apis/${group}`);

function sample(apiVersion: string, kind: string, plural: string, fields: object, cluster = false): Sample {
  // A Service makes Endpoints of its own name.
  const metadata = { name: cluster ? `kf-${plural}` : kind === 'Endpoints' ? 'otro' : 'x' };
  return {
    kind,
    plural,
    base: apis(apiVersion),
    ...(cluster ? { cluster } : {}),
    object: { apiVersion, kind, metadata, ...fields },
  };
}

const selector = { matchLabels: { app: 'x' } };
const unschedulable = { nodeSelector: { nada: 'hay' } };

export const samples: Sample[] = [
  sample('v1', 'Pod', 'pods', {
    spec: { ...unschedulable, containers: [container({ ports: [{ containerPort: 80 }] })] },
  }),
  sample('v1', 'Service', 'services', { spec: { selector: { app: 'x' }, ports: [{ port: 80 }] } }),
  sample('v1', 'Secret', 'secrets', { stringData: { clave: 'valor' } }),
  sample('v1', 'ConfigMap', 'configmaps', { data: { a: '1' } }),
  sample('v1', 'ServiceAccount', 'serviceaccounts', {}),
  sample('v1', 'Endpoints', 'endpoints', { subsets: [{ addresses: [{ ip: '10.9.8.7' }], ports: [{ port: 80 }] }] }),
  sample('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', {
    spec: { storageClassName: 'kf-nada', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  sample('v1', 'ResourceQuota', 'resourcequotas', { spec: { hard: { pods: '50' } } }),
  sample('v1', 'LimitRange', 'limitranges', { spec: { limits: [{ type: 'Container', default: { cpu: '1' } }] } }),
  sample('v1', 'PodTemplate', 'podtemplates', { template: template('x') }),
  sample('v1', 'ReplicationController', 'replicationcontrollers', {
    spec: { replicas: 0, selector: { app: 'x' }, template: template('x') },
  }),
  sample('v1', 'Event', 'events', {
    involvedObject: { kind: 'Pod', name: 'x', namespace: 'kf-valores' },
    reason: 'Prueba',
    message: 'un suceso',
    type: 'Normal',
  }),
  sample(
    'v1',
    'PersistentVolume',
    'persistentvolumes',
    {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce'],
        hostPath: { path: '/tmp/kf' },
        storageClassName: 'kf',
      },
    },
    true,
  ),
  sample('apps/v1', 'Deployment', 'deployments', { spec: { replicas: 0, selector, template: template('x') } }),
  sample('apps/v1', 'ReplicaSet', 'replicasets', { spec: { replicas: 0, selector, template: template('x') } }),
  sample('apps/v1', 'StatefulSet', 'statefulsets', {
    spec: { replicas: 0, serviceName: 'x', selector, template: template('x') },
  }),
  sample('apps/v1', 'DaemonSet', 'daemonsets', { spec: { selector, template: template('x', unschedulable) } }),
  sample('apps/v1', 'ControllerRevision', 'controllerrevisions', { data: { a: 1 }, revision: 1 }),
  sample('batch/v1', 'Job', 'jobs', {
    spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [container()] } } },
  }),
  sample('batch/v1', 'CronJob', 'cronjobs', {
    spec: {
      schedule: '0 0 1 1 *',
      jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container()] } } } },
    },
  }),
  sample('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', {
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nada' } },
  }),
  sample('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', { spec: { minAvailable: 1, selector } }),
  sample('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', {
    spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
  }),
  sample('networking.k8s.io/v1', 'Ingress', 'ingresses', {
    spec: {
      rules: [
        {
          host: 'a.example.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'x', port: { number: 80 } } } }],
          },
        },
      ],
    },
  }),
  sample('networking.k8s.io/v1', 'IngressClass', 'ingressclasses', { spec: { controller: 'example.com/x' } }, true),
  sample('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices', {
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.9.8.7'] }],
    ports: [{ port: 80 }],
  }),
  sample('coordination.k8s.io/v1', 'Lease', 'leases', { spec: { holderIdentity: 'yo' } }),
  sample('rbac.authorization.k8s.io/v1', 'Role', 'roles', {
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  }),
  sample('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings', {
    roleRef: { kind: 'Role', name: 'x' },
    subjects: [
      { kind: 'User', name: 'ana' },
      { kind: 'ServiceAccount', name: 'default', namespace: 'kf-valores' },
    ],
  }),
  sample(
    'rbac.authorization.k8s.io/v1',
    'ClusterRole',
    'clusterroles',
    {
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    },
    true,
  ),
  sample(
    'rbac.authorization.k8s.io/v1',
    'ClusterRoleBinding',
    'clusterrolebindings',
    {
      roleRef: { kind: 'ClusterRole', name: 'kf-nada' },
      subjects: [{ kind: 'Group', name: 'kf' }],
    },
    true,
  ),
  sample('storage.k8s.io/v1', 'StorageClass', 'storageclasses', { provisioner: 'example.com/x' }, true),
  sample('scheduling.k8s.io/v1', 'PriorityClass', 'priorityclasses', { value: 7 }, true),
  sample('node.k8s.io/v1', 'RuntimeClass', 'runtimeclasses', { handler: 'runc' }, true),
  sample(
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    'mutatingwebhookconfigurations',
    {
      webhooks: [
        {
          name: 'x.example.com',
          clientConfig: { service: { name: 'x', namespace: 'kf-nada' } },
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          rules: [{ apiGroups: ['kf'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nada'] }],
        },
      ],
    },
    true,
  ),
  sample(
    'admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicy',
    'validatingadmissionpolicies',
    {
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: ['kf'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nada'] }],
        },
        validations: [{ expression: 'true' }],
      },
    },
    true,
  ),
  sample(
    'admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicyBinding',
    'validatingadmissionpolicybindings',
    {
      spec: { policyName: 'kf-nada', validationActions: ['Deny'] },
    },
    true,
  ),
];

export function collectionOf({ base, cluster, plural }: Sample): string {
  return cluster ? `${base}/${plural}` : `${base}/namespaces/{ns}/${plural}`;
}
