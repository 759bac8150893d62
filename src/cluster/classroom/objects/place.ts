// A student's place: the namespace, who the student is there, what may be done and how much may be used.
import type { KubeObject } from '../../../mesh/objects.ts';
import { account, type ClassSettings, labelsOf, nameAnnotation, namespaceOf, tokenSecret } from '../class.ts';
import type { Student } from '../roster.ts';

const every = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const read = ['get', 'list', 'watch'];

export function namespaceObject(settings: ClassSettings, student: Student): KubeObject {
  const { revision } = settings;
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespaceOf(settings, student),
      labels: {
        ...labelsOf(settings, student),
        ...(revision === '' ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': revision }),
      },
      annotations: { [nameAnnotation]: student.name },
    },
  };
}

export function placeObjects(settings: ClassSettings, student: Student): KubeObject[] {
  const metadata = (name: string) => ({
    name,
    namespace: namespaceOf(settings, student),
    labels: labelsOf(settings, student),
  });
  const { cpu, memory, pods } = settings.limits;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(account) },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...metadata(tokenSecret), annotations: { 'kubernetes.io/service-account.name': account } },
      type: 'kubernetes.io/service-account-token',
    },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: metadata(account), rules: rules() },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: metadata(account),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: namespaceOf(settings, student) }],
    },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: metadata('aula'),
      spec: {
        hard: {
          'requests.cpu': cpu,
          'requests.memory': memory,
          pods: String(pods),
          services: '30',
          'services.nodeports': '8',
          'services.loadbalancers': '1',
          secrets: '40',
          configmaps: '40',
          persistentvolumeclaims: '0',
          'count/deployments.apps': '25',
          'count/replicasets.apps': '150',
          'count/virtualservices.networking.istio.io': '50',
          'count/destinationrules.networking.istio.io': '50',
          'count/gateways.networking.istio.io': '10',
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: metadata('aula'),
      spec: {
        limits: [
          {
            type: 'Container',
            // What a container gets when it asks for nothing. Istio's own asks for itself.
            defaultRequest: { cpu: '10m', memory: '32Mi' },
            default: { cpu: '1', memory: '512Mi', 'ephemeral-storage': '1Gi' },
            max: { cpu: '2', memory: '1Gi', 'ephemeral-storage': '2Gi' },
          },
        ],
      },
    },
  ];
}

/** What the labs that fit in a namespace do in it. Neither what limits the student nor what guards the others. */
function rules(): object[] {
  const rule = (apiGroups: string[], resources: string[], verbs: string[]) => ({ apiGroups, resources, verbs });
  return [
    rule([''], ['pods', 'services', 'configmaps', 'secrets', 'serviceaccounts'], every),
    rule([''], ['pods/log'], ['get']),
    rule([''], ['pods/exec', 'pods/portforward'], ['get', 'create']),
    rule([''], ['namespaces'], ['get']),
    rule(
      [''],
      ['endpoints', 'events', 'resourcequotas', 'limitranges', 'replicationcontrollers', 'persistentvolumeclaims'],
      read,
    ),
    rule(['events.k8s.io'], ['events'], read),
    rule(['apps'], ['deployments', 'replicasets', 'deployments/scale'], every),
    rule(['apps'], ['daemonsets', 'statefulsets'], read),
    rule(['discovery.k8s.io'], ['endpointslices'], read),
    rule(['networking.k8s.io'], ['networkpolicies'], read),
    rule(['rbac.authorization.k8s.io'], ['roles', 'rolebindings'], read),
    rule(['networking.istio.io'], ['virtualservices', 'destinationrules', 'gateways', 'serviceentries'], every),
    rule(
      ['networking.istio.io'],
      ['sidecars', 'envoyfilters', 'workloadentries', 'workloadgroups', 'proxyconfigs'],
      read,
    ),
    rule(['security.istio.io'], ['authorizationpolicies', 'peerauthentications', 'requestauthentications'], every),
    rule(['telemetry.istio.io'], ['telemetries'], every),
    rule(['extensions.istio.io'], ['*'], read),
    rule(['gateway.networking.k8s.io'], ['gateways', 'httproutes', 'grpcroutes', 'referencegrants'], every),
    rule(['metrics.k8s.io'], ['pods'], ['get', 'list']),
  ];
}
