// kubeadm join: a machine becomes a worker.
import { MACHINES } from '../../nodes/bootstrap-nodes.ts';
import { type HostMachine, textOf, writeText } from '../host-machine.ts';
import { readFlags } from './flags.ts';
import { kubeconfig } from './kubeconfig.ts';
import { startKubelet, waitForKubelet, writeKubeletConfig } from './kubelet-wait.ts';
import type { Output } from './output.ts';
import { joinFindings, preflight } from './preflight.ts';
import { TOKEN_PATTERN, validTokens } from './tokens.ts';
import { KubeadmError, type KubeadmWorld } from './world.ts';

const FLAGS = [
  ...['token=', 'discovery-token=', 'discovery-token-ca-cert-hash=', 'discovery-token-unsafe-skip-ca-verification'],
  ...['ignore-preflight-errors=', 'cri-socket=', 'node-name=', 'v='],
];
const NOT_HERE = [
  'config',
  'control-plane',
  'certificate-key',
  'discovery-file',
  'tls-bootstrap-token',
  'dry-run',
  'skip-phases',
];

interface Request {
  address: string;
  endpoint: string;
  token: string;
  hashes: string[];
}

export async function join(
  host: HostMachine,
  argv: readonly string[],
  world: KubeadmWorld,
  out: Output,
): Promise<void> {
  const flags = readFlags(argv, FLAGS, NOT_HERE);
  const [endpoint] = flags.words;
  if (endpoint === undefined)
    throw new KubeadmError('discovery: Invalid value: "": bootstrapToken or file must be set');
  const [address = '', port] = endpoint.split(':');
  const token = flags.text('token') ?? flags.text('discovery-token') ?? '';
  const hashes = flags.list('discovery-token-ca-cert-hash');
  checkValues(endpoint, port, token, hashes, flags.has('discovery-token-unsafe-skip-ca-verification'));
  out.say('[preflight] Running pre-flight checks');
  preflight(joinFindings(host, out), flags.list('ignore-preflight-errors'), out);
  await discover({ address, endpoint, token, hashes }, world, out);
  out.say('[preflight] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...');
  out.say("[preflight] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.");
  refuseKnownNode(host, world);
  writeText(host, '/etc/kubernetes/pki/ca.crt', world.caCertificate);
  writeKubeletConfig(host, out);
  startKubelet(host, out);
  await waitForKubelet(host, 'kubelet-wait-bootstrap', world.delays.start > 0, out);
  out.say('[kubelet-start] Waiting for the kubelet to perform the TLS Bootstrap');
  writeText(host, '/etc/kubernetes/kubelet.conf', kubeconfig('kubelet', address, world.caCertificate));
  await out.pause(world.delays.start * 3);
  world.register(host);
  out.say(
    '\nThis node has joined the cluster:\n* Certificate signing request was sent to apiserver and a response was received.\n' +
      '* The Kubelet was informed of the new secure connection details.\n\n' +
      "Run 'kubectl get nodes' on the control-plane to see this node join the cluster.\n",
  );
}

function checkValues(
  endpoint: string,
  port: string | undefined,
  token: string,
  hashes: string[],
  unsafe: boolean,
): void {
  const wrong: string[] = [];
  if (hashes.length === 0 && !unsafe)
    wrong.push(
      'discovery.bootstrapToken.caCertHashes: Invalid value: "": using token-based discovery without caCertHashes can be unsafe. Set unsafeSkipCAVerification as true in your kubeadm config file or pass --discovery-token-unsafe-skip-ca-verification flag to continue',
    );
  if (!TOKEN_PATTERN.test(token)) {
    wrong.push(`discovery.bootstrapToken.token: Invalid value: "${token}": the bootstrap token is invalid`);
    wrong.push(`discovery.tlsBootstrapToken: Invalid value: "${token}": the bootstrap token is invalid`);
  }
  if (!/^\d+$/.test(port ?? ''))
    wrong.push(
      `discovery.bootstrapToken.apiServerEndpoint: Invalid value: "${endpoint}": address ${endpoint}: missing port in address`,
    );
  if (wrong.length > 0) throw new KubeadmError(wrong.length === 1 ? (wrong[0] ?? '') : `[${wrong.join(', ')}]`);
}

/** Finds the cluster by its token, and makes sure that it is the one whose CA was named. */
async function discover(request: Request, world: KubeadmWorld, out: Output): Promise<void> {
  const fail = (why: string) =>
    new KubeadmError(`error execution phase preflight: couldn't validate the identity of the API Server: ${why}`);
  const url = `https://${request.endpoint}/api/v1/namespaces/kube-public/configmaps/cluster-info?timeout=10s`;
  const asked = `failed to request the cluster-info ConfigMap: Get "${url}"`;
  const cluster = world.cluster();
  const master = MACHINES.find((m) => m.name === cluster?.plan.controlPlane)?.address;
  const patience = world.delays.start > 0 ? 1_500 : 0;
  if (!cluster || request.address !== master || !request.endpoint.endsWith(':6443')) {
    await out.pause(patience);
    const known = MACHINES.some((m) => m.address === request.address) || request.address === '10.0.2.15';
    throw fail(`${asked}: dial tcp ${request.endpoint}: ${known ? 'connect: connection refused' : 'i/o timeout'}`);
  }
  if (cluster.plan.advertise !== request.address) {
    await out.pause(patience);
    throw fail(
      `${asked}: tls: failed to verify certificate: x509: certificate is valid for 10.96.0.1, ${cluster.plan.advertise}, not ${request.address}`,
    );
  }
  const known = validTokens(cluster.registry, world.clock.now()).map((t) => t.token);
  const [id = ''] = request.token.split('.');
  if (!known.some((t) => t.startsWith(`${id}.`))) {
    await out.pause(patience);
    throw fail(`could not find a JWS signature in the cluster-info ConfigMap for token ID "${id}"`);
  }
  if (!known.includes(request.token))
    throw fail("failed to verify JWS signature of received cluster info object, can't trust this API Server");
  const [hash] = request.hashes;
  if (hash !== undefined && !/^sha256:[0-9a-f]{64}$/i.test(hash))
    throw fail(
      `invalid discovery token CA certificate hash: invalid hash, expected "format:hex-value". For example: "sha256:…"`,
    );
  if (hash !== undefined && !request.hashes.some((h) => h.toLowerCase() === world.caHash))
    throw fail(
      `cluster CA found in cluster-info ConfigMap is invalid: none of the public keys "${world.caHash}" are pinned`,
    );
}

function refuseKnownNode(host: HostMachine, world: KubeadmWorld): void {
  const { name } = host.state;
  const node = world.cluster()?.registry.get('nodes', undefined, name);
  const { conditions = [] } = (node?.status ?? {}) as { conditions?: { type: string; status: string }[] };
  if (
    conditions.some((c) => c.type === 'Ready' && c.status === 'True') &&
    textOf(host, '/etc/kubernetes/kubelet.conf') === undefined
  )
    throw new KubeadmError(
      `error execution phase kubelet-start: a Node with name "${name}" and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node`,
    );
}
