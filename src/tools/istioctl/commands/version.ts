import type { KubeObject } from '../../../mesh/objects.ts';
import { istioVersion } from '../manifests/settings.ts';
import { type Command, clientOf, istioNamespaceOf } from './command.ts';

export const versionCommand: Command = {
  summary: 'Versiones de istioctl, del plano de control y de los proxies',
  flags: {
    output: { short: 'o', kind: 'text' },
    remote: { kind: 'bool' },
    revision: { short: 'r', kind: 'text' },
    short: { short: 's', kind: 'bool' },
  },
  async run(invocation) {
    const { flags, streams } = invocation;
    const lines = [`client version: ${istioVersion}`];
    const remote = flags.bool('remote') === false ? undefined : await remoteVersions(invocation);
    if (remote && remote.control.length === 0)
      streams.stderr.write(
        `Istio is not present in the cluster: no running Istio pods in namespace "${istioNamespaceOf(invocation)}"\n`,
      );
    else if (remote) {
      lines.push(`control plane version: ${[...new Set(remote.control)].join(', ')}`);
      lines.push(`data plane version: ${counted(remote.proxies)}`);
    }
    if (flags.text('output') === 'json') streams.stdout.write(`${JSON.stringify(asJson(remote), undefined, 2)}\n`);
    else streams.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  },
};

interface RemoteVersions {
  control: string[];
  proxies: { id: string; version: string; type: string }[];
}

async function remoteVersions(invocation: Parameters<Command['run']>[0]): Promise<RemoteVersions> {
  const client = clientOf(invocation);
  const [istiods, pods] = await Promise.all([
    client.list({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: istioNamespaceOf(invocation),
      labelSelector: 'app=istiod',
    }),
    client.list({ apiVersion: 'v1', kind: 'Pod' }),
  ]);
  const control = istiods.filter(isRunning).flatMap((pod) => tagOf(pod, 'discovery') ?? []);
  const proxies = pods.filter(isRunning).flatMap((pod) => {
    const version = tagOf(pod, 'istio-proxy');
    if (version === undefined) return [];
    const id = `${pod.metadata.name}.${pod.metadata.namespace}`;
    return [{ id, version, type: pod.metadata.annotations?.['sidecar.istio.io/status'] ? 'sidecar' : 'router' }];
  });
  return { control, proxies };
}

interface PodSpec {
  containers?: { name: string; image?: string }[];
  initContainers?: { name: string; image?: string }[];
}

const isRunning = (pod: KubeObject) => (pod.status as { phase?: string } | undefined)?.phase === 'Running';

function tagOf(pod: KubeObject, container: string): string | undefined {
  const { containers = [], initContainers = [] } = (pod.spec ?? {}) as PodSpec;
  const image = [...containers, ...initContainers].find((c) => c.name === container)?.image;
  return image === undefined ? undefined : (/:([^:/@]+)(@.*)?$/.exec(image)?.[1] ?? 'unknown');
}

function counted(proxies: RemoteVersions['proxies']): string {
  if (proxies.length === 0) return 'none';
  const counts = new Map<string, number>();
  for (const { version } of proxies) counts.set(version, (counts.get(version) ?? 0) + 1);
  return [...counts].map(([version, n]) => `${version} (${n} ${n === 1 ? 'proxy' : 'proxies'})`).join(', ');
}

function asJson(remote: RemoteVersions | undefined) {
  const info = (version: string) => ({ version, revision: '', golang_version: '', status: 'Clean', tag: version });
  return {
    clientVersion: info(istioVersion),
    ...(remote?.control.length
      ? {
          meshVersion: remote.control.map((v) => ({ Component: 'pilot', Revision: 'default', Info: info(v) })),
          dataPlaneVersion: remote.proxies.map((p) => ({ ID: p.id, IstioVersion: p.version, Type: p.type })),
        }
      : {}),
  };
}
