// kubeadm init: a control plane on one machine.
import { stringify } from 'yaml';
import { staticPods } from '../../nodes/bootstrap-system.ts';
import { type HostMachine, writeText } from '../host-machine.ts';
import { runtimeTrouble } from '../services.ts';
import { readFlags } from './flags.ts';
import { kubeconfig } from './kubeconfig.ts';
import { startKubelet, waitForKubelet, writeKubeletConfig } from './kubelet-wait.ts';
import type { Output } from './output.ts';
import { COMPONENTS, failed, initFindings, MANIFESTS, preflight, VERSION } from './preflight.ts';
import { createToken, joinCommand, newToken, TOKEN_PATTERN } from './tokens.ts';
import { KubeadmError, type KubeadmWorld } from './world.ts';

const FLAGS = [
  ...['apiserver-advertise-address=', 'pod-network-cidr=', 'kubernetes-version=', 'ignore-preflight-errors='],
  ...['token=', 'token-ttl=', 'cri-socket=', 'node-name=', 'upload-certs', 'v='],
];
const NOT_HERE = [
  'config',
  'control-plane-endpoint',
  'service-cidr',
  'service-dns-domain',
  'dry-run',
  'skip-phases',
  'image-repository',
];

/** Of the interface with the default route, which on these machines is the same on all of them. */
const NAT_ADDRESS = '10.0.2.15';

export async function init(
  host: HostMachine,
  argv: readonly string[],
  world: KubeadmWorld,
  out: Output,
): Promise<void> {
  const flags = readFlags(argv, FLAGS, NOT_HERE);
  const podSubnet = flags.text('pod-network-cidr');
  const advertise = flags.text('apiserver-advertise-address') ?? NAT_ADDRESS;
  const token = flags.text('token') ?? newToken(world.random);
  checkFlags(podSubnet, advertise, token);
  out.say(`[init] Using Kubernetes version: ${VERSION}`);
  out.say('[preflight] Running pre-flight checks');
  if (![host.state.address, NAT_ADDRESS].includes(advertise)) throw notOurs(advertise);
  const ignored = flags.list('ignore-preflight-errors');
  const controlPlane = world.cluster()?.plan.controlPlane === host.state.name;
  preflight(initFindings(host, { controlPlane }, out), ignored, out);
  await pullImages(host, world, out);
  writeCertificates(host, advertise, world, out);
  writeManifests(host, podSubnet, out);
  writeKubeletConfig(host, out);
  startKubelet(host, out);
  out.say(
    `[wait-control-plane] Waiting for the kubelet to boot up the control plane as static Pods from directory "${MANIFESTS}"`,
  );
  await waitForKubelet(host, 'wait-control-plane', world.delays.start > 0, out);
  await startControlPlane(host, { advertise, podSubnet }, world, out);
  finish(host, advertise, token, world, out);
}

function checkFlags(podSubnet: string | undefined, advertise: string, token: string): void {
  if (podSubnet !== undefined && !/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/.test(podSubnet))
    throw new KubeadmError(`networking.podSubnet: Invalid value: "${podSubnet}": couldn't parse subnet`);
  if (Number(podSubnet?.split('/')[1] ?? 16) > 24)
    throw new KubeadmError(
      `networking.podSubnet: Invalid value: "${podSubnet}": the size of pod subnet with mask ${podSubnet?.split('/')[1]} is smaller than the size of node subnet with mask 24`,
    );
  if (!/^(\d{1,3}\.){3}\d{1,3}$/.test(advertise))
    throw new KubeadmError(
      `couldn't use "${advertise}" as "apiserver-advertise-address", must be ipv4 or ipv6 address`,
    );
  if (!TOKEN_PATTERN.test(token))
    throw new KubeadmError(
      `the bootstrap token "${token}" was not of the form "\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z"`,
    );
}

/** The etcd of such a control plane never gets to listen. */
const notOurs = (advertise: string) =>
  new KubeadmError(
    `error execution phase wait-control-plane: failed while waiting for the control plane to start: kube-apiserver check failed at https://${advertise}:6443/livez`,
  );

async function pullImages(host: HostMachine, { delays }: KubeadmWorld, out: Output): Promise<void> {
  out.say('[preflight] Pulling images required for setting up a Kubernetes cluster');
  out.say('[preflight] This might take a minute or two, depending on the speed of your internet connection');
  out.say("[preflight] You can also perform this action beforehand using 'kubeadm config images pull'");
  const trouble = runtimeTrouble(host);
  if (trouble) failed(trouble, out);
  out.log(
    'checks.go:830',
    'detected that the sandbox image "registry.k8s.io/pause:3.8" of the container runtime is inconsistent with that used by kubeadm. It is recommended to use "registry.k8s.io/pause:3.10.1" as the CRI sandbox image.',
  );
  await out.pause(delays.pull * 2);
}

function writeCertificates(host: HostMachine, advertise: string, { caCertificate }: KubeadmWorld, out: Output): void {
  out.say('[certs] Using certificateDir folder "/etc/kubernetes/pki"');
  for (const name of [
    'ca',
    'apiserver',
    'apiserver-kubelet-client',
    'front-proxy-ca',
    'front-proxy-client',
    'etcd/ca',
    'etcd/server',
    'etcd/peer',
    'etcd/healthcheck-client',
    'apiserver-etcd-client',
  ]) {
    out.say(`[certs] Generating "${name}" certificate and key`);
    if (name === 'apiserver')
      out.say(
        `[certs] apiserver serving cert is signed for DNS names [kubernetes kubernetes.default kubernetes.default.svc kubernetes.default.svc.cluster.local ${host.state.name}] and IPs [10.96.0.1 ${advertise}]`,
      );
    writeText(host, `/etc/kubernetes/pki/${name}.crt`, caCertificate);
  }
  out.say('[certs] Generating "sa" key and public key');
  out.say('[kubeconfig] Using kubeconfig folder "/etc/kubernetes"');
  for (const name of ['admin', 'super-admin', 'kubelet', 'controller-manager', 'scheduler']) {
    out.say(`[kubeconfig] Writing "${name}.conf" kubeconfig file`);
    writeText(host, `/etc/kubernetes/${name}.conf`, kubeconfig(name, advertise, caCertificate));
  }
}

function writeManifests(host: HostMachine, podSubnet: string | undefined, out: Output): void {
  out.say(`[etcd] Creating static Pod manifest for local etcd in "${MANIFESTS}"`);
  out.say(`[control-plane] Using manifest folder "${MANIFESTS}"`);
  const pods = staticPods(undefined, podSubnet);
  for (const name of COMPONENTS) {
    if (name !== 'etcd') out.say(`[control-plane] Creating static Pod manifest for "${name}"`);
    const pod = pods.find((p) => p.metadata.name.startsWith(`${name}-`));
    writeText(
      host,
      `${MANIFESTS}/${name}.yaml`,
      stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'kube-system' }, spec: pod?.spec }),
    );
  }
  writeText(host, '/var/lib/etcd/member/snap/db', '');
}

async function startControlPlane(
  host: HostMachine,
  { advertise, podSubnet }: { advertise: string; podSubnet: string | undefined },
  world: KubeadmWorld,
  out: Output,
): Promise<void> {
  const places = [
    ['kube-apiserver', `https://${advertise}:6443/livez`],
    ['kube-controller-manager', 'https://127.0.0.1:10257/healthz'],
    ['kube-scheduler', 'https://127.0.0.1:10259/livez'],
  ];
  out.say('[control-plane-check] Waiting for healthy control plane components. This can take up to 4m0s');
  for (const [name, url] of places) out.say(`[control-plane-check] Checking ${name} at ${url}`);
  await out.pause(world.delays.start * 6);
  if (!host.state.containerd.systemdCgroup) {
    out.say(`[control-plane-check] kube-apiserver is not healthy after 4m0.000153412s\n`);
    out.say(
      'A control plane component may have crashed or exited when started by the container runtime.\n' +
        'To troubleshoot, list all containers using your preferred container runtimes CLI.\n' +
        'Here is one example how you may list all running Kubernetes containers by using crictl:\n' +
        "\t- 'crictl --runtime-endpoint unix:///var/run/containerd/containerd.sock ps -a | grep kube | grep -v pause'\n" +
        '\tOnce you have found the failing container, you can inspect its logs with:\n' +
        "\t- 'crictl --runtime-endpoint unix:///var/run/containerd/containerd.sock logs CONTAINERID'\n",
    );
    throw new KubeadmError(
      `error execution phase wait-control-plane: failed while waiting for the control plane to start: kube-apiserver check failed at https://${advertise}:6443/livez: Get "https://${advertise}:6443/livez?timeout=10s": dial tcp ${advertise}:6443: connect: connection refused`,
    );
  }
  await world.initialise(host, { controlPlane: host.state.name, advertise, ...(podSubnet && { podSubnet }) });
  for (const [i, name] of ['kube-controller-manager', 'kube-scheduler', 'kube-apiserver'].entries())
    out.say(`[control-plane-check] ${name} is healthy after ${(1.5 + i * 0.6).toFixed(6)}s`);
}

function finish(host: HostMachine, advertise: string, token: string, world: KubeadmWorld, out: Output): void {
  const { name } = host.state;
  createToken(world, token);
  for (const line of [
    '[upload-config] Storing the configuration used in ConfigMap "kubeadm-config" in the "kube-system" Namespace',
    '[kubelet] Creating a ConfigMap "kubelet-config" in namespace kube-system with the configuration for the kubelets in the cluster',
    '[upload-certs] Skipping phase. Please see --upload-certs',
    `[mark-control-plane] Marking the node ${name} as control-plane by adding the labels: [node-role.kubernetes.io/control-plane node.kubernetes.io/exclude-from-external-load-balancers]`,
    `[mark-control-plane] Marking the node ${name} as control-plane by adding the taints [node-role.kubernetes.io/control-plane:NoSchedule]`,
    `[bootstrap-token] Using token: ${token}`,
    '[bootstrap-token] Configuring bootstrap tokens, cluster-info ConfigMap, RBAC Roles',
    '[bootstrap-token] Configured RBAC rules to allow Node Bootstrap tokens to get nodes',
    '[bootstrap-token] Configured RBAC rules to allow Node Bootstrap tokens to post CSRs in order for nodes to get long term certificate credentials',
    '[bootstrap-token] Configured RBAC rules to allow the csrapprover controller automatically approve CSRs from a Node Bootstrap Token',
    '[bootstrap-token] Configured RBAC rules to allow certificate rotation for all node client certificates in the cluster',
    '[bootstrap-token] Creating the "cluster-info" ConfigMap in the "kube-public" namespace',
    '[kubelet-finalize] Updating "/etc/kubernetes/kubelet.conf" to point to a rotatable kubelet client certificate and key',
    '[addons] Applied essential addon: CoreDNS',
    '[addons] Applied essential addon: kube-proxy',
  ])
    out.say(line);
  out.say(
    '\nYour Kubernetes control-plane has initialized successfully!\n\nTo start using your cluster, you need to run the following as a regular user:\n\n' +
      '  mkdir -p $HOME/.kube\n  sudo cp -i /etc/kubernetes/admin.conf $HOME/.kube/config\n  sudo chown $(id -u):$(id -g) $HOME/.kube/config\n\n' +
      'Alternatively, if you are the root user, you can run:\n\n  export KUBECONFIG=/etc/kubernetes/admin.conf\n\n' +
      'You should now deploy a pod network to the cluster.\nRun "kubectl apply -f [podnetwork].yaml" with one of the options listed at:\n' +
      '  https://kubernetes.io/docs/concepts/cluster-administration/addons/\n\n' +
      `Then you can join any number of worker nodes by running the following on each as root:\n\n${joinCommand(advertise, token, world.caHash)}`,
  );
}
