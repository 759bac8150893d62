// A cluster as kubeadm leaves it: three machines, flannel as the network, and nothing of the student's yet.
import type { KubeObject } from '../../mesh/objects.ts';
import type { Registry, ResourceId } from '../contract.ts';
import { rootCa } from '../controllers/default-objects.ts';
import type { Node } from '../controllers/kinds.ts';
import { clusterInfo, systemConfigMaps } from './bootstrap-config.ts';
import { clusterNodes, controlPlane } from './bootstrap-nodes.ts';
import { defaultStorageClass } from './bootstrap-storage.ts';
import { podNetwork, staticPods, systemServiceAccounts, systemWorkloads } from './bootstrap-system.ts';

export interface BootstrapFacts {
  /** PEM of the CA that signed the API server's certificate: the content of every kube-root-ca.crt. */
  caCertificate?: string;
  /** RFC 3339; when the nodes' conditions began. */
  now?: string;
  /** The machines that are nodes from the start; by default all three, ready. */
  nodes?: readonly Node[];
  /** False: no pod network, as `kubeadm init` leaves it. */
  flannel?: boolean;
  /** Whether claims get volumes by themselves, as in kind; kubeadm leaves that to others. */
  storage?: boolean;
  /** Undefined: nobody said which addresses pods have. */
  podSubnet?: string | undefined;
}

/** Creates what is missing and touches nothing that is there: what a student changed stays changed. */
export function bootstrapCluster(registry: Registry, facts: BootstrapFacts = {}): void {
  const {
    caCertificate = '',
    now = `${new Date().toISOString().slice(0, 19)}Z`,
    flannel = true,
    storage = true,
  } = facts;
  const podSubnet = 'podSubnet' in facts ? facts.podSubnet : '10.244.0.0/16';
  const last = clusterInfo(caCertificate);
  const fresh = registry.get(last.resource, last.object.metadata.namespace, last.object.metadata.name) === undefined;
  const ensure = (resource: ResourceId, object: KubeObject) => {
    const { namespace, name } = object.metadata;
    return registry.get(resource, namespace, name) ?? registry.create(resource, object);
  };
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease'])
    ensure('namespaces', namespaceNamed(name));
  const nodes = (facts.nodes ?? clusterNodes(now)).map((node) => ensureWithStatus(registry, 'nodes', node));
  ensure('configmaps', rootCa('kube-system', { 'ca.crt': caCertificate }));
  ensure('services', apiService());
  ensure('endpoints', apiEndpoints());
  ensure('discovery.k8s.io/endpointslices', apiEndpointSlice());
  // What a student removed from a running cluster is not brought back by a restart; the object made last tells them apart.
  if (!fresh) return;
  for (const { resource, object } of [
    ...systemConfigMaps(caCertificate, podSubnet),
    ...systemServiceAccounts(),
    ...systemWorkloads(),
    ...(flannel ? podNetwork() : []),
    ...(storage ? [defaultStorageClass()] : []),
  ])
    ensure(resource, object);
  const master = nodes.find((node) => node.metadata.name === controlPlane.name);
  for (const pod of staticPods(master, podSubnet)) ensure('pods', pod);
  ensure(last.resource, last.object);
}

/** CREATE keeps no status, so that it takes a second write. */
function ensureWithStatus(registry: Registry, resource: ResourceId, object: KubeObject): KubeObject {
  const { namespace, name } = object.metadata;
  const known = registry.get(resource, namespace, name);
  if (known) return known;
  const created = registry.create(resource, object);
  const setStatus = (copy: KubeObject) => {
    copy.status = object.status;
  };
  return registry.edit(resource, namespace, name, setStatus, { subresource: 'status' }) ?? created;
}

function namespaceNamed(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

function apiService(): KubeObject {
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.1',
      clusterIPs: ['10.96.0.1'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      sessionAffinity: 'None',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
    },
  };
}

function apiEndpoints(): KubeObject {
  const labels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
  const ports = [{ name: 'https', port: 6443, protocol: 'TCP' }];
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'kubernetes', namespace: 'default', labels },
    subsets: [{ addresses: [{ ip: controlPlane.address }], ports }],
  };
}

function apiEndpointSlice(): KubeObject {
  const labels = { 'kubernetes.io/service-name': 'kubernetes' };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels },
    addressType: 'IPv4',
    endpoints: [{ addresses: [controlPlane.address], conditions: { ready: true } }],
    ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
  };
}
