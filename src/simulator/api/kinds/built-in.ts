// The one table of built-in resource kinds. A row says what a kind is; what a write does to it is in strategies.ts.
import type { KubeObject } from '../../../mesh/objects.ts';

export interface KindDefinition {
  group: string;
  /** Served versions, the stored one first. */
  versions: string[];
  kind: string;
  listKind: string;
  plural: string;
  singular: string;
  shortNames: string[];
  categories: string[];
  namespaced: boolean;
  subresources: string[];
  /** Group and version that a real server keeps it at, where that is not the first served: discovery tells by a hash. */
  storedAs?: string;
  /** The CustomResourceDefinition it comes from. */
  crd?: KubeObject;
}

// Options: c cluster-scoped, s has status, S has scale, a in the category `all`, e in `api-extensions`.
const rows: [group: string, versions: string, kind: string, plural: string, shortNames: string, options?: string][] = [
  ['', 'v1', 'Namespace', 'namespaces', 'ns', 'cs'],
  ['', 'v1', 'Node', 'nodes', 'no', 'cs'],
  ['', 'v1', 'Pod', 'pods', 'po', 'sa'],
  ['', 'v1', 'Service', 'services', 'svc', 'sa'],
  ['', 'v1', 'Endpoints', 'endpoints', 'ep'],
  ['', 'v1', 'ServiceAccount', 'serviceaccounts', 'sa'],
  ['', 'v1', 'ConfigMap', 'configmaps', 'cm'],
  ['', 'v1', 'Secret', 'secrets', ''],
  ['', 'v1', 'Event', 'events', 'ev'],
  ['', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', 'pvc', 's'],
  ['', 'v1', 'PersistentVolume', 'persistentvolumes', 'pv', 'cs'],
  ['', 'v1', 'ResourceQuota', 'resourcequotas', 'quota', 's'],
  ['', 'v1', 'LimitRange', 'limitranges', 'limits'],
  ['', 'v1', 'PodTemplate', 'podtemplates', ''],
  ['', 'v1', 'ReplicationController', 'replicationcontrollers', 'rc', 'sSa'],
  ['apps', 'v1', 'Deployment', 'deployments', 'deploy', 'sSa'],
  ['apps', 'v1', 'ReplicaSet', 'replicasets', 'rs', 'sSa'],
  ['apps', 'v1', 'StatefulSet', 'statefulsets', 'sts', 'sSa'],
  ['apps', 'v1', 'DaemonSet', 'daemonsets', 'ds', 'sa'],
  ['apps', 'v1', 'ControllerRevision', 'controllerrevisions', ''],
  ['batch', 'v1', 'Job', 'jobs', '', 'sa'],
  ['batch', 'v1', 'CronJob', 'cronjobs', 'cj', 'sa'],
  ['autoscaling', 'v2 v1', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', 'hpa', 'sa'],
  ['policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets', 'pdb', 's'],
  ['networking.k8s.io', 'v1', 'NetworkPolicy', 'networkpolicies', 'netpol'],
  ['networking.k8s.io', 'v1', 'Ingress', 'ingresses', 'ing', 's'],
  ['networking.k8s.io', 'v1', 'IngressClass', 'ingressclasses', '', 'c'],
  ['networking.k8s.io', 'v1', 'IPAddress', 'ipaddresses', 'ip', 'c'],
  ['networking.k8s.io', 'v1', 'ServiceCIDR', 'servicecidrs', '', 'cs'],
  ['discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices', ''],
  ['coordination.k8s.io', 'v1', 'Lease', 'leases', ''],
  ['rbac.authorization.k8s.io', 'v1', 'Role', 'roles', ''],
  ['rbac.authorization.k8s.io', 'v1', 'RoleBinding', 'rolebindings', ''],
  ['rbac.authorization.k8s.io', 'v1', 'ClusterRole', 'clusterroles', '', 'c'],
  ['rbac.authorization.k8s.io', 'v1', 'ClusterRoleBinding', 'clusterrolebindings', '', 'c'],
  ['storage.k8s.io', 'v1', 'StorageClass', 'storageclasses', 'sc', 'c'],
  ['storage.k8s.io', 'v1', 'CSIDriver', 'csidrivers', '', 'c'],
  ['storage.k8s.io', 'v1', 'CSINode', 'csinodes', '', 'c'],
  ['storage.k8s.io', 'v1', 'CSIStorageCapacity', 'csistoragecapacities', ''],
  ['storage.k8s.io', 'v1', 'VolumeAttachment', 'volumeattachments', '', 'cs'],
  ['storage.k8s.io', 'v1', 'VolumeAttributesClass', 'volumeattributesclasses', 'vac', 'c'],
  ['scheduling.k8s.io', 'v1', 'PriorityClass', 'priorityclasses', 'pc', 'c'],
  ['resource.k8s.io', 'v1', 'DeviceClass', 'deviceclasses', '', 'c'],
  ['resource.k8s.io', 'v1', 'ResourceClaim', 'resourceclaims', '', 's'],
  ['resource.k8s.io', 'v1', 'ResourceClaimTemplate', 'resourceclaimtemplates', ''],
  ['resource.k8s.io', 'v1', 'ResourceSlice', 'resourceslices', '', 'c'],
  ['node.k8s.io', 'v1', 'RuntimeClass', 'runtimeclasses', '', 'c'],
  ['certificates.k8s.io', 'v1', 'CertificateSigningRequest', 'certificatesigningrequests', 'csr', 'cs'],
  ['apiregistration.k8s.io', 'v1', 'APIService', 'apiservices', '', 'cse'],
  ['flowcontrol.apiserver.k8s.io', 'v1', 'FlowSchema', 'flowschemas', '', 'cs'],
  ['flowcontrol.apiserver.k8s.io', 'v1', 'PriorityLevelConfiguration', 'prioritylevelconfigurations', '', 'cs'],
  ['admissionregistration.k8s.io', 'v1', 'MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', '', 'ce'],
  ['admissionregistration.k8s.io', 'v1', 'ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', '', 'ce'],
  ['admissionregistration.k8s.io', 'v1', 'ValidatingAdmissionPolicy', 'validatingadmissionpolicies', '', 'cse'],
  [
    'admissionregistration.k8s.io',
    'v1',
    'ValidatingAdmissionPolicyBinding',
    'validatingadmissionpolicybindings',
    '',
    'ce',
  ],
  ['apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', 'customresourcedefinitions', 'crd crds', 'cse'],
];

const storedAs: Readonly<Record<string, string>> = {
  VolumeAttributesClass: 'storage.k8s.io/v1beta1',
  CustomResourceDefinition: 'apiextensions.k8s.io/v1beta1',
};

export const builtInKinds: KindDefinition[] = rows.map(([group, versions, kind, plural, shortNames, options = '']) => ({
  group,
  versions: versions.split(' '),
  kind,
  listKind: `${kind}List`,
  plural,
  singular: kind.toLowerCase(),
  shortNames: shortNames === '' ? [] : shortNames.split(' '),
  categories: [...(options.includes('a') ? ['all'] : []), ...(options.includes('e') ? ['api-extensions'] : [])],
  namespaced: !options.includes('c'),
  subresources: [...(options.includes('s') ? ['status'] : []), ...(options.includes('S') ? ['scale'] : [])],
  ...(storedAs[kind] === undefined ? {} : { storedAs: storedAs[kind] }),
}));
