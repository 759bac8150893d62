import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../mesh/objects.ts';
import { isReady } from '../controllers/pods.ts';
import { INIT, PREPARE, readyOf, threeMachines } from './fixtures/three-machines.ts';

type Bench = Awaited<ReturnType<typeof threeMachines>>;

const flannel = parseAllDocuments(
  readFileSync(join(import.meta.dirname, '../../../samples/flannel/kube-flannel.yml'), 'utf8'),
).map((d) => d.toJS() as KubeObject);

const resources: Record<string, string> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  ConfigMap: 'configmaps',
  DaemonSet: 'apps/daemonsets',
};

function applyFlannel(bench: Bench): void {
  for (const object of flannel) {
    const resource = resources[object.kind];
    if (resource) bench.apply(resource, object);
  }
  bench.settle();
}

async function prepared(...names: string[]): Promise<Bench> {
  const bench = await threeMachines();
  for (const name of names) await bench.on(name, PREPARE);
  return bench;
}

test('a fresh Debian has swap, forwards nothing and knows no kubeadm', async () => {
  const { on, facts } = await threeMachines();
  expect((await on('arya', 'hostname; swapon --show; sysctl net.ipv4.ip_forward')).out).toBe(
    'arya\nNAME      TYPE      SIZE USED PRIO\n/dev/sda5 partition 975M   0B   -2\nnet.ipv4.ip_forward = 0\n',
  );
  expect(await on('arya', 'kubeadm init')).toEqual({ code: 127, out: expect.stringContaining('command not found') });
  expect(facts()).toMatchObject({
    initialised: false,
    machines: [{ name: 'nieve', swap: true, ipForward: false, runtime: 'missing', kubelet: 'missing' }, {}, {}],
  });
});

test('apt knows no package before its first update', async () => {
  const { on } = await threeMachines();
  expect(await on('nieve', 'apt-get install -y kubeadm')).toMatchObject({
    code: 100,
    out: expect.stringContaining('E: Unable to locate package kubeadm'),
  });
});

test('the settings of the bridge are not there without its module', async () => {
  const { on } = await threeMachines();
  const key = 'net.bridge.bridge-nf-call-iptables';
  expect((await on('nieve', `sysctl ${key}`)).out).toContain('cannot stat /proc/sys/net/bridge');
  expect((await on('nieve', `modprobe br_netfilter; sysctl -n ${key}`)).out).toBe('1\n');
});

test('writing to /proc is setting it', async () => {
  const { on, facts } = await threeMachines();
  await on('sansa', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
  expect(facts().machines[2]?.ipForward).toBe(true);
});

test('init on a machine that is not ready names what is missing', async () => {
  const { on } = await prepared('nieve');
  await on('nieve', 'sysctl -w net.ipv4.ip_forward=0');
  const { code, out } = await on('nieve', INIT);
  expect(code).toBe(1);
  expect(out).toContain(
    '\t[ERROR FileContent--proc-sys-net-ipv4-ip_forward]: /proc/sys/net/ipv4/ip_forward contents are not set to 1\n',
  );
  expect(out).toContain('error: error execution phase preflight: preflight checks failed\n');
});

test('a containerd without CRI stops init when it pulls images', async () => {
  const { on } = await prepared('nieve');
  await on(
    'nieve',
    `printf 'disabled_plugins = ["cri"]\\n' > /etc/containerd/config.toml; systemctl restart containerd`,
  );
  expect((await on('nieve', INIT)).out).toContain(
    'code = Unimplemented desc = unknown service runtime.v1.RuntimeService',
  );
});

test('swap is a warning of kubeadm and a refusal of the kubelet', async () => {
  const { on, facts } = await prepared('nieve');
  await on('nieve', 'swapon /dev/sda5');
  const { out } = await on('nieve', INIT);
  expect(out).toContain('[WARNING Swap]');
  expect(out).toContain('The kubelet is not healthy after');
  expect((await on('nieve', 'journalctl -u kubelet')).out).toContain('running with swap on is not supported');
  expect(facts()).toMatchObject({ initialised: false, machines: [{ kubelet: 'failing' }, {}, {}] });
});

test('what a failed init left must be reset before another', async () => {
  const { on } = await prepared('nieve');
  await on('nieve', 'swapon /dev/sda5');
  await on('nieve', INIT);
  await on('nieve', 'swapoff -a');
  expect((await on('nieve', INIT)).out).toContain(
    '[ERROR FileAvailable--etc-kubernetes-manifests-kube-apiserver.yaml]',
  );
  await on('nieve', 'kubeadm reset -f');
  expect(await on('nieve', INIT)).toMatchObject({ code: 0, out: expect.stringContaining('initialized successfully!') });
});

test('reset asks first, and does nothing without a yes', async () => {
  const { on, facts } = await prepared('nieve');
  await on('nieve', INIT);
  expect((await on('nieve', 'kubeadm reset', 'n\n')).code).toBe(1);
  expect(facts().initialised).toBe(true);
  expect((await on('nieve', 'kubeadm reset', 'y\n')).code).toBe(0);
  expect(facts().initialised).toBe(false);
});

test('after init nieve waits for a network, and so does CoreDNS', async () => {
  const bench = await prepared('nieve');
  await bench.on('nieve', INIT);
  bench.settle();
  const [node, ...others] = bench.nodes();
  expect(others).toEqual([]);
  expect(node).toMatchObject({ metadata: { name: 'nieve' }, spec: { podCIDR: '10.244.0.0/24' } });
  expect(readyOf(node)).toMatchObject({
    status: 'False',
    message: expect.stringContaining('cni plugin not initialized'),
  });
  const dns = bench.pods().filter((p) => p.metadata.name.startsWith('coredns'));
  expect(dns.map((p) => [p.spec?.nodeName, p.status?.phase])).toEqual([
    [undefined, 'Pending'],
    [undefined, 'Pending'],
  ]);
});

test('with Flannel the node is Ready, CoreDNS runs, and the machine has its files', async () => {
  const bench = await prepared('nieve');
  await bench.on('nieve', INIT);
  applyFlannel(bench);
  expect(readyOf(bench.nodes()[0])?.status).toBe('True');
  expect(
    bench
      .pods()
      .filter((p) => !isReady(p))
      .map((p) => p.metadata.name),
  ).toEqual([]);
  expect((await bench.on('nieve', 'cat /run/flannel/subnet.env')).out).toContain('FLANNEL_SUBNET=10.244.0.1/24');
  expect((await bench.on('nieve', 'ls /etc/cni/net.d')).out).toBe('10-flannel.conflist\n');
});

test('a range that Flannel does not have: the node is Ready and its pods have no address', async () => {
  const bench = await prepared('nieve');
  await bench.on('nieve', INIT.replace('10.244.0.0/16', '192.168.0.0/16'));
  applyFlannel(bench);
  expect(readyOf(bench.nodes()[0])?.status).toBe('True');
  const pods = bench.pods();
  expect(pods.filter((p) => p.metadata.name.startsWith('coredns')).some(isReady)).toBe(false);
  const [daemon] = pods.filter((p) => p.metadata.name.startsWith('kube-flannel'));
  expect(daemon?.status?.containerStatuses?.[0]?.restartCount).toBeGreaterThan(0);
  expect(
    bench
      .events()
      .map((e) => e.message ?? '')
      .join('\n'),
  ).toContain("failed to load flannel 'subnet.env' file");
});

test('a worker joins with a token and the hash of the CA, and gets the next range', async () => {
  const bench = await prepared('nieve', 'arya');
  await bench.on('nieve', INIT);
  const command = (await bench.on('nieve', 'kubeadm token create --print-join-command')).out.trim();
  expect(command).toMatch(
    /^kubeadm join 192\.168\.56\.10:6443 --token \S{6}\.\S{16} --discovery-token-ca-cert-hash sha256:[0-9a-f]{64}$/,
  );
  expect(await bench.on('arya', command)).toMatchObject({
    code: 0,
    out: expect.stringContaining('This node has joined the cluster'),
  });
  applyFlannel(bench);
  expect(bench.nodes().map((n) => [n.metadata.name, n.spec?.podCIDR, readyOf(n)?.status])).toEqual([
    ['arya', '10.244.1.0/24', 'True'],
    ['nieve', '10.244.0.0/24', 'True'],
  ]);
  const [flanneld] = bench.pods().filter((p) => p.spec?.nodeName === 'arya' && p.spec.hostNetwork);
  expect(flanneld?.status?.hostIP).toBe('192.168.56.11');
});

test.each([
  [
    'an unknown token',
    '--token abcdef.0123456789abcdef --discovery-token-unsafe-skip-ca-verification',
    'could not find a JWS signature in the cluster-info ConfigMap for token ID "abcdef"',
  ],
  [
    'another CA',
    `--token aaaaaa.aaaaaaaaaaaaaaaa --discovery-token-ca-cert-hash sha256:${'0'.repeat(64)}`,
    'none of the public keys',
  ],
  ['no hash', '--token aaaaaa.aaaaaaaaaaaaaaaa', 'using token-based discovery without caCertHashes can be unsafe'],
])('join is refused with %s', async (_what, options, words) => {
  const { on } = await prepared('nieve', 'arya');
  await on('nieve', INIT);
  await on('nieve', 'kubeadm token create aaaaaa.aaaaaaaaaaaaaaaa');
  expect(await on('arya', `kubeadm join 192.168.56.10:6443 ${options}`)).toMatchObject({
    code: 1,
    out: expect.stringContaining(words),
  });
});

test('a token ends when its time is over', async () => {
  const { on, clock } = await prepared('nieve', 'arya');
  await on('nieve', INIT);
  await on('nieve', 'kubeadm token create aaaaaa.aaaaaaaaaaaaaaaa --ttl 30s');
  expect((await on('nieve', 'kubeadm token list')).out).toContain('aaaaaa.aaaaaaaaaaaaaaaa');
  clock.advance(60_000);
  const { out } = await on(
    'arya',
    'kubeadm join 192.168.56.10:6443 --token aaaaaa.aaaaaaaaaaaaaaaa --discovery-token-unsafe-skip-ca-verification',
  );
  expect(out).toContain('could not find a JWS signature');
});

test('without an advertise address the API is known by that of the NAT, where nobody finds it', async () => {
  const { on } = await prepared('nieve', 'arya');
  const { out } = await on('nieve', 'kubeadm init --pod-network-cidr=10.244.0.0/16');
  expect(out).toContain('kubeadm join 10.0.2.15:6443');
  const options = '--token aaaaaa.aaaaaaaaaaaaaaaa --discovery-token-unsafe-skip-ca-verification';
  expect((await on('arya', `kubeadm join 10.0.2.15:6443 ${options}`)).out).toContain('connection refused');
});

test('a reboot keeps what files say and forgets the rest', async () => {
  const bench = await prepared('nieve', 'arya');
  await bench.on('nieve', INIT);
  await bench.on('arya', (await bench.on('nieve', 'kubeadm token create --print-join-command')).out);
  applyFlannel(bench);
  await bench.on('arya', 'reboot');
  bench.settle();
  expect(readyOf(bench.nodes()[0])?.status).toBe('True');
  await bench.on('arya', 'printf "/dev/sda5 none swap sw 0 0\\n" >> /etc/fstab; reboot');
  bench.settle();
  expect(readyOf(bench.nodes()[0])).toMatchObject({
    status: 'Unknown',
    message: 'Kubelet stopped posting node status.',
  });
  await bench.on('arya', 'swapoff -a');
  bench.settle();
  expect(readyOf(bench.nodes()[0])?.status).toBe('True');
});

test('machines and their cluster are the same after the process starts again', async () => {
  const bench = await prepared('nieve');
  await bench.on('nieve', `${INIT}; echo mine > /root/mine`);
  applyFlannel(bench);
  await bench.restart();
  expect(bench.facts()).toMatchObject({ initialised: true, machines: [{ kubelet: 'running', swap: false }, {}, {}] });
  expect((await bench.on('nieve', 'cat /root/mine')).out).toBe('mine\n');
  expect(bench.nodes().map((n) => [n.metadata.name, readyOf(n)?.status])).toEqual([['nieve', 'True']]);
});

test('kubectl of a machine needs a kubeconfig there, and reads no file of this computer', async () => {
  const { on } = await prepared('nieve');
  await on('nieve', INIT);
  expect((await on('nieve', 'kubectl get nodes')).out).toContain(
    'The connection to the server localhost:8080 was refused',
  );
  await on('nieve', 'mkdir -p /root/.kube; cp /etc/kubernetes/admin.conf /root/.kube/config');
  expect((await on('nieve', 'kubectl apply -f /etc/hostname-of-this-computer')).out).toContain('does not exist');
  expect((await on('nieve', 'kubectl create configmap c --from-file=/etc/passwd')).code).toBe(1);
  expect((await on('nieve', 'kubectl --kubeconfig=/root/other get nodes')).out).toContain(
    'stat /root/other: no such file',
  );
});
