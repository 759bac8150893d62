// What all students may read beyond their own place: nodes, kinds, and Istio's own namespace without its secrets.
import type { KubeObject } from '../../../mesh/objects.ts';
import { managedLabel } from '../../managed-label.ts';
import { account, sharedName } from '../class.ts';

const read = ['get', 'list', 'watch'];
const leases = 'kube-node-lease';

/** `namespaces` are those of all students of all classes: who is not there loses these rights. */
export function sharedObjects(istio: string, namespaces: readonly string[]): KubeObject[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const subjects = namespaces.toSorted().map((namespace) => ({ kind: 'ServiceAccount', name: account, namespace }));
  const metadata = (namespace?: string) => ({
    name: sharedName,
    ...(namespace ? { namespace } : {}),
    labels: { ...managedLabel },
  });
  const roleRef = (kind: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name: sharedName });
  const inNamespace = (namespace: string, rules: object[]): KubeObject[] => [
    { apiVersion, kind: 'Role', metadata: metadata(namespace), rules },
    { apiVersion, kind: 'RoleBinding', metadata: metadata(namespace), roleRef: roleRef('Role'), subjects },
  ];
  const rule = (apiGroups: string[], resources: string[], verbs = read) => ({ apiGroups, resources, verbs });
  return [
    {
      apiVersion,
      kind: 'ClusterRole',
      metadata: metadata(),
      rules: [
        rule([''], ['nodes']),
        rule(['apiextensions.k8s.io'], ['customresourcedefinitions']),
        rule(['admissionregistration.k8s.io'], ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations']),
        rule(['networking.k8s.io'], ['ingressclasses']),
        rule(['gateway.networking.k8s.io'], ['gatewayclasses']),
      ],
    },
    { apiVersion, kind: 'ClusterRoleBinding', metadata: metadata(), roleRef: roleRef('ClusterRole'), subjects },
    ...inNamespace(istio, [
      rule([''], ['pods', 'services', 'endpoints']),
      { ...rule([''], ['configmaps'], ['get']), resourceNames: ['istio'] },
      { ...rule([''], ['namespaces'], ['get']), resourceNames: [istio] },
      rule(['apps'], ['deployments', 'replicasets', 'daemonsets', 'statefulsets']),
      rule(['discovery.k8s.io'], ['endpointslices']),
      rule(['networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'extensions.istio.io'], ['*']),
      rule(['gateway.networking.k8s.io'], ['*']),
    ]),
    ...inNamespace(leases, [rule(['coordination.k8s.io'], ['leases'])]),
  ];
}
