// The cluster's own programs: add-ons that controllers run, and the control plane's static pods.
import { createHash } from 'node:crypto';
import type { KubeObject } from '../../mesh/objects.ts';
import type { Container, PodSpec, Probe } from '../controllers/kinds.ts';
import type { Made } from './bootstrap-config.ts';
import { flannel, kubeProxy } from './bootstrap-daemons.ts';
import { controlPlane, KUBERNETES } from './bootstrap-nodes.ts';

/** Flannel, in its namespace. */
export function podNetwork(): Made[] {
  return [flannelNamespace(), account('kube-flannel', 'flannel'), ...flannel()];
}

function flannelNamespace(): Made {
  const labels = {
    'k8s-app': 'flannel',
    'kubernetes.io/metadata.name': 'kube-flannel',
    'pod-security.kubernetes.io/enforce': 'privileged',
  };
  const metadata = { name: 'kube-flannel', labels };
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata, spec: { finalizers: ['kubernetes'] } };
  return { resource: 'namespaces', object };
}

export function systemServiceAccounts(): Made[] {
  return [account('kube-system', 'coredns'), account('kube-system', 'kube-proxy')];
}

export function systemWorkloads(): Made[] {
  return [dnsService(), coreDns(), kubeProxy()];
}

/** Pods that the kubelet of the control plane runs from files; the API shows their mirrors. */
export function staticPods(node: KubeObject | undefined, podSubnet: string | undefined): KubeObject[] {
  const podAddresses = podSubnet ? ['--allocate-node-cidrs=true', `--cluster-cidr=${podSubnet}`] : [];
  const ip = controlPlane.address;
  return [
    mirror(node, 'etcd', 'registry.k8s.io/etcd:3.6.5-0', 2381, 'HTTP', { cpu: '100m', memory: '100Mi' }, [
      'etcd',
      `--advertise-client-urls=https://${ip}:2379`,
      '--client-cert-auth=true',
      '--data-dir=/var/lib/etcd',
      '--listen-metrics-urls=http://127.0.0.1:2381',
      `--name=${controlPlane.name}`,
    ]),
    mirror(node, 'kube-apiserver', `registry.k8s.io/kube-apiserver:${KUBERNETES}`, 6443, 'HTTPS', { cpu: '250m' }, [
      'kube-apiserver',
      `--advertise-address=${ip}`,
      '--allow-privileged=true',
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      '--service-cluster-ip-range=10.96.0.0/12',
    ]),
    mirror(
      node,
      'kube-controller-manager',
      `registry.k8s.io/kube-controller-manager:${KUBERNETES}`,
      10257,
      'HTTPS',
      { cpu: '200m' },
      ['kube-controller-manager', ...podAddresses, '--leader-elect=true'],
    ),
    mirror(node, 'kube-scheduler', `registry.k8s.io/kube-scheduler:${KUBERNETES}`, 10259, 'HTTPS', { cpu: '100m' }, [
      'kube-scheduler',
      '--kubeconfig=/etc/kubernetes/scheduler.conf',
      '--leader-elect=true',
    ]),
  ];
}

function account(namespace: string, name: string): Made {
  const object = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
  return { resource: 'serviceaccounts', object };
}

function mirror(
  node: KubeObject | undefined,
  component: string,
  image: string,
  port: number,
  scheme: string,
  requests: Record<string, string>,
  command: string[],
): KubeObject {
  const hash = createHash('md5').update(component).digest('hex');
  const probe = (path: string, rest: Probe): Probe => ({
    httpGet: { host: '127.0.0.1', path, port: 'probe-port', scheme },
    timeoutSeconds: 15,
    ...rest,
  });
  const container: Container = {
    name: component,
    image,
    command,
    ports: [{ name: 'probe-port', containerPort: port, hostPort: port, protocol: 'TCP' }],
    resources: { requests },
    livenessProbe: probe('/livez', { initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 8 }),
    readinessProbe: probe('/readyz', { periodSeconds: 1, failureThreshold: 3 }),
    startupProbe: probe('/livez', { initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 24 }),
  };
  const spec: PodSpec = {
    containers: [container],
    hostNetwork: true,
    nodeName: controlPlane.name,
    priorityClassName: 'system-node-critical',
    tolerations: [{ effect: 'NoExecute', operator: 'Exists' }],
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${component}-${controlPlane.name}`,
      namespace: 'kube-system',
      labels: { component, tier: 'control-plane' },
      annotations: {
        'kubernetes.io/config.hash': hash,
        'kubernetes.io/config.mirror': hash,
        'kubernetes.io/config.source': 'file',
      },
      ...(node?.metadata.uid && {
        ownerReferences: [
          { apiVersion: 'v1', kind: 'Node', name: node.metadata.name, uid: node.metadata.uid, controller: true },
        ],
      }),
    },
    spec,
  };
}

function dnsService(): Made {
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kube-dns',
      namespace: 'kube-system',
      labels: {
        'k8s-app': 'kube-dns',
        'kubernetes.io/cluster-service': 'true',
        'kubernetes.io/name': 'CoreDNS',
      },
      annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
    },
    spec: {
      clusterIP: '10.96.0.10',
      clusterIPs: ['10.96.0.10'],
      selector: { 'k8s-app': 'kube-dns' },
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
        { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
      ],
    },
  };
  return { resource: 'services', object };
}

function coreDns(): Made {
  const labels = { 'k8s-app': 'kube-dns' };
  const container: Container = {
    name: 'coredns',
    image: 'registry.k8s.io/coredns/coredns:v1.12.1',
    args: ['-conf', '/etc/coredns/Corefile'],
    ports: [
      { name: 'dns', containerPort: 53, protocol: 'UDP' },
      { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
      { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
      { name: 'liveness-probe', containerPort: 8080, protocol: 'TCP' },
      { name: 'readiness-probe', containerPort: 8181, protocol: 'TCP' },
    ],
    resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
    livenessProbe: {
      httpGet: { path: '/health', port: 'liveness-probe', scheme: 'HTTP' },
      initialDelaySeconds: 60,
      timeoutSeconds: 5,
      failureThreshold: 5,
    },
    readinessProbe: { httpGet: { path: '/ready', port: 'readiness-probe', scheme: 'HTTP' } },
    volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
  };
  const corefile = { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] };
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'coredns', namespace: 'kube-system', labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels },
        spec: {
          priorityClassName: 'system-cluster-critical',
          serviceAccountName: 'coredns',
          dnsPolicy: 'Default',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: [
            { key: 'CriticalAddonsOnly', operator: 'Exists' },
            { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
          ],
          containers: [container],
          volumes: [{ name: 'config-volume', configMap: corefile }],
        },
      },
    },
  };
  return { resource: 'apps/deployments', object };
}
