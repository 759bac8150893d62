// The add-ons that run on every machine.
import type { Container, PodSpec } from '../controllers/kinds.ts';
import { configMap, type Made } from './bootstrap-config.ts';
import { KUBERNETES } from './bootstrap-nodes.ts';

/** The network rules of Services, on each node. */
export function kubeProxy(): Made {
  const container: Container = {
    name: 'kube-proxy',
    image: `registry.k8s.io/kube-proxy:${KUBERNETES}`,
    command: [
      '/usr/local/bin/kube-proxy',
      '--config=/var/lib/kube-proxy/config.conf',
      '--hostname-override=$(NODE_NAME)',
    ],
    env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
    securityContext: { privileged: true },
    volumeMounts: [{ name: 'kube-proxy', mountPath: '/var/lib/kube-proxy' }],
  };
  return daemonSet(
    'kube-system',
    'kube-proxy',
    { 'k8s-app': 'kube-proxy' },
    {},
    {
      serviceAccountName: 'kube-proxy',
      containers: [container],
      volumes: [{ name: 'kube-proxy', configMap: { name: 'kube-proxy' } }],
    },
  );
}

/** The pod network, on each node. */
export function flannel(): Made[] {
  const image = 'ghcr.io/flannel-io/flannel:v0.27.4';
  const plugin = 'ghcr.io/flannel-io/flannel-cni-plugin:v1.8.0-flannel1';
  const init: Container[] = [
    { name: 'install-cni-plugin', image: plugin, command: ['cp'], args: ['-f', '/flannel', '/opt/cni/bin/flannel'] },
    {
      name: 'install-cni',
      image,
      command: ['cp'],
      args: ['-f', '/etc/kube-flannel/cni-conf.json', '/etc/cni/net.d/10-flannel.conflist'],
    },
  ];
  const container: Container = {
    name: 'kube-flannel',
    image,
    command: ['/opt/bin/flanneld'],
    args: ['--ip-masq', '--kube-subnet-mgr'],
    resources: { requests: { cpu: '100m', memory: '50Mi' } },
    env: [
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    ],
    volumeMounts: [{ name: 'flannel-cfg', mountPath: '/etc/kube-flannel/' }],
  };
  const network = { Network: '10.244.0.0/16', EnableNFTables: false, Backend: { Type: 'vxlan' } };
  const cni = {
    name: 'cbr0',
    cniVersion: '0.3.1',
    plugins: [
      { type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  };
  const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const app = { app: 'flannel', tier: 'node' };
  return [
    configMap(
      'kube-flannel',
      'kube-flannel-cfg',
      { 'cni-conf.json': pretty(cni), 'net-conf.json': pretty(network) },
      app,
    ),
    daemonSet(
      'kube-flannel',
      'kube-flannel-ds',
      { app: 'flannel' },
      { tier: 'node' },
      {
        serviceAccountName: 'flannel',
        initContainers: init,
        containers: [container],
        volumes: [{ name: 'flannel-cfg', configMap: { name: 'kube-flannel-cfg' } }],
      },
    ),
  ];
}

function daemonSet(
  namespace: string,
  name: string,
  selector: Record<string, string>,
  more: Record<string, string>,
  spec: PodSpec,
): Made {
  const object = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace, labels: { ...selector, ...more } },
    spec: {
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: { ...selector, ...more } },
        spec: {
          hostNetwork: true,
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          priorityClassName: 'system-node-critical',
          tolerations: [{ operator: 'Exists' }],
          ...spec,
        },
      },
    },
  };
  return { resource: 'apps/daemonsets', object };
}
