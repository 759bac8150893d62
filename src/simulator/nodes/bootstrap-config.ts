// The ConfigMaps that kubeadm and its add-ons write.
import { stringify } from 'yaml';
import type { KubeObject } from '../../mesh/objects.ts';
import type { ResourceId } from '../contract.ts';
import { controlPlane, KUBERNETES } from './bootstrap-nodes.ts';

export interface Made {
  resource: ResourceId;
  object: KubeObject;
}

export function configMap(
  namespace: string,
  name: string,
  data: Record<string, string>,
  labels?: Record<string, string>,
): Made {
  const metadata = { name, namespace, ...(labels && { labels }) };
  return { resource: 'configmaps', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata, data } };
}

export function systemConfigMaps(caCertificate: string, podSubnet: string | undefined): Made[] {
  return [
    configMap('kube-system', 'kubeadm-config', { ClusterConfiguration: stringify(clusterConfiguration(podSubnet)) }),
    configMap('kube-system', 'kubelet-config', { kubelet: stringify(kubeletConfiguration()) }),
    configMap('kube-system', 'coredns', { Corefile: COREFILE }),
    configMap('kube-system', 'kube-proxy', proxyConfiguration(podSubnet), { app: 'kube-proxy' }),
    configMap('kube-system', 'extension-apiserver-authentication', { 'client-ca-file': caCertificate }),
  ];
}

function clusterConfiguration(podSubnet: string | undefined): unknown {
  return {
    apiServer: {},
    apiVersion: 'kubeadm.k8s.io/v1beta4',
    caCertificateValidityPeriod: '87600h0m0s',
    certificateValidityPeriod: '8760h0m0s',
    certificatesDir: '/etc/kubernetes/pki',
    clusterName: 'kubernetes',
    controllerManager: {},
    dns: {},
    encryptionAlgorithm: 'RSA-2048',
    etcd: { local: { dataDir: '/var/lib/etcd' } },
    imageRepository: 'registry.k8s.io',
    kind: 'ClusterConfiguration',
    kubernetesVersion: KUBERNETES,
    networking: { dnsDomain: 'cluster.local', ...(podSubnet && { podSubnet }), serviceSubnet: '10.96.0.0/12' },
    proxy: {},
    scheduler: {},
  };
}

export function kubeletConfiguration(): unknown {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    authentication: {
      anonymous: { enabled: false },
      webhook: { cacheTTL: '0s', enabled: true },
      x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' },
    },
    authorization: { mode: 'Webhook' },
    cgroupDriver: 'systemd',
    clusterDNS: ['10.96.0.10'],
    clusterDomain: 'cluster.local',
    healthzBindAddress: '127.0.0.1',
    healthzPort: 10248,
    kind: 'KubeletConfiguration',
    rotateCertificates: true,
    staticPodPath: '/etc/kubernetes/manifests',
  };
}

function proxyConfiguration(podSubnet = ''): Record<string, string> {
  const config = {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    bindAddress: '0.0.0.0',
    clientConnection: { kubeconfig: '/var/lib/kube-proxy/kubeconfig.conf' },
    clusterCIDR: podSubnet,
    kind: 'KubeProxyConfiguration',
    mode: '',
  };
  const directory = '/var/run/secrets/kubernetes.io/serviceaccount';
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ cluster: { 'certificate-authority': `${directory}/ca.crt`, server: apiServer() }, name: 'default' }],
    contexts: [{ context: { cluster: 'default', namespace: 'default', user: 'default' }, name: 'default' }],
    'current-context': 'default',
    users: [{ name: 'default', user: { tokenFile: `${directory}/token` } }],
  };
  return { 'config.conf': stringify(config), 'kubeconfig.conf': stringify(kubeconfig) };
}

/** What `kubeadm join` reads before it trusts the cluster. */
export function clusterInfo(caCertificate: string): Made {
  return configMap('kube-public', 'cluster-info', { kubeconfig: stringify(discoveryConfig(caCertificate)) });
}

function discoveryConfig(caCertificate: string): unknown {
  const authority = Buffer.from(caCertificate).toString('base64');
  return {
    apiVersion: 'v1',
    clusters: [{ cluster: { 'certificate-authority-data': authority, server: apiServer() }, name: '' }],
    contexts: null,
    'current-context': '',
    kind: 'Config',
    preferences: {},
    users: null,
  };
}

function apiServer(): string {
  return `https://${controlPlane.address}:6443`;
}

const COREFILE = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`;
