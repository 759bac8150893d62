// The programs of the cluster itself. They do nothing here but be there: what they do on a real cluster, the simulator
// does without them.
import type { HttpReply, HttpRequest, WorkloadModel } from '../contract.ts';
import { flanneld } from './flanneld.ts';
import { fullImageName } from './images.ts';

const ok = (): HttpReply => ({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'OK' });

const API_SERVER = 'registry.k8s.io/kube-apiserver';
const API_SERVER_PORT = 6443;

/** What a port with TLS says in plain text; kubelets, whose requests come here without it, get theirs. */
const okOverTls = ({ headers }: HttpRequest): HttpReply =>
  headers['user-agent']?.startsWith('kube-probe/')
    ? ok()
    : { status: 400, headers: {}, body: 'Client sent an HTTP request to an HTTPS server.\n' };

/** The ports on which kubelets probe them, by repository. */
const PROBED_PORTS: Record<string, number[]> = {
  'registry.k8s.io/coredns/coredns': [8080, 8181],
  'registry.k8s.io/etcd': [2381],
  [API_SERVER]: [API_SERVER_PORT],
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

/** `apiPort`: where the API listens on this machine's loopback; programs in pods reach it by the API server's own port. */
export function systemModel(image: string, apiPort?: number): WorkloadModel | undefined {
  const repository = repositoryOf(image);
  const ports = PROBED_PORTS[repository];
  if (!ports) return undefined;
  if (repository === 'ghcr.io/flannel-io/flannel') return flanneld;
  if (repository === API_SERVER) {
    const sockets = { [API_SERVER_PORT]: { host: '127.0.0.1' as const, port: apiPort ?? 0 } };
    return () => ({ ports: { [API_SERVER_PORT]: okOverTls }, ...(apiPort !== undefined && { sockets }) });
  }
  return () => ({ ports: Object.fromEntries(ports.map((port) => [port, ok])) });
}

function repositoryOf(image: string): string {
  const name = fullImageName(image);
  return name.slice(0, name.lastIndexOf(':'));
}
