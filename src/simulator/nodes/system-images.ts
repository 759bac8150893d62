// The programs of the cluster itself. They do nothing here but be there: what they do on a real cluster, the simulator
// does without them.
import type { HttpReply, WorkloadModel } from '../contract.ts';
import { flanneld } from './flanneld.ts';
import { fullImageName } from './images.ts';

const ok = (): HttpReply => ({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'OK' });

/** The ports on which kubelets probe them, by repository. */
const PROBED_PORTS: Record<string, number[]> = {
  'registry.k8s.io/coredns/coredns': [8080, 8181],
  'registry.k8s.io/etcd': [2381],
  'registry.k8s.io/kube-apiserver': [6443],
  'registry.k8s.io/kube-controller-manager': [10257],
  'registry.k8s.io/kube-scheduler': [10259],
  'registry.k8s.io/kube-proxy': [],
  'registry.k8s.io/pause': [],
  'ghcr.io/flannel-io/flannel': [],
  'ghcr.io/flannel-io/flannel-cni-plugin': [],
};

export function isClusterImage(image: string): boolean {
  return repositoryOf(image) in PROBED_PORTS;
}

export function systemModel(image: string): WorkloadModel | undefined {
  const ports = PROBED_PORTS[repositoryOf(image)];
  if (!ports) return undefined;
  if (repositoryOf(image) === 'ghcr.io/flannel-io/flannel') return flanneld;
  return () => ({ ports: Object.fromEntries(ports.map((port) => [port, ok])) });
}

function repositoryOf(image: string): string {
  const name = fullImageName(image);
  return name.slice(0, name.lastIndexOf(':'));
}
