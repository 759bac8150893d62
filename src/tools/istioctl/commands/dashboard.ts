// The views that come with Istio, each behind a port of this machine for as long as the command runs.
import { ClusterError } from '../../../cluster/cluster-error.ts';
import { type ForwardedPort, forwardPort, NodeRefusal } from '../../../cluster/entry/port-forward.ts';
import { inKubectlWords } from '../../kubectl/channel-socket.ts';
import { ToolError } from '../../tool.ts';
import { findPod } from '../proxy/find-pod.ts';
import type { PodPort } from '../proxy/port-forward.ts';
import { apiOf, type Command, clientOf, type Invocation, istioNamespaceOf } from './command.ts';

/** Dashboard → label of its pods and port of its page. */
const dashboards: Record<string, { label: string; port: number; path: string }> = {
  grafana: { label: 'app.kubernetes.io/name=grafana', port: 3000, path: '' },
  jaeger: { label: 'app=jaeger', port: 16_686, path: '/jaeger' },
  kiali: { label: 'app.kubernetes.io/name=kiali', port: 20_001, path: '/kiali' },
  prometheus: { label: 'app.kubernetes.io/name=prometheus', port: 9090, path: '' },
  zipkin: { label: 'app=zipkin', port: 9411, path: '' },
};

export const dashboardCommand: Command = {
  summary: 'Abre un puerto a una vista de la malla: kiali, grafana, prometheus, jaeger, envoy POD, controlz POD',
  usage: '(controlz|envoy|grafana|jaeger|kiali|prometheus|zipkin) [POD[.ESPACIO]]',
  flags: { address: { kind: 'text' }, browser: { kind: 'bool' }, port: { short: 'p', kind: 'text' } },
  async run(invocation) {
    const [name = '', pod] = invocation.args;
    if (name === 'envoy' || name === 'controlz') {
      if (pod === undefined) throw new ToolError('specify a pod or --selector');
      const found = await findPod(invocation, pod);
      return open(
        invocation,
        { namespace: found.namespace, pod: found.name, port: name === 'envoy' ? 15_000 : 9876 },
        '',
      );
    }
    const dashboard = dashboards[name];
    if (!dashboard) throw new ToolError(`unknown dashboard "${name}"`);
    const namespace = istioNamespaceOf(invocation);
    const [first] = await clientOf(invocation).list({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace,
      labelSelector: dashboard.label,
    });
    if (!first) throw new ToolError(`no ${name} pods found`);
    return open(invocation, { namespace, pod: first.metadata.name, port: dashboard.port }, dashboard.path);
  },
};

/** At the page's own port, or any when that is taken. Opens no browser: the address is there to be followed. */
async function open(invocation: Invocation, target: PodPort, path: string): Promise<number> {
  const asked = Number(invocation.flags.text('port') ?? 0);
  if (!Number.isInteger(asked) || asked < 0 || asked > 65_535)
    throw new ToolError(`invalid port "${invocation.flags.text('port')}"`);
  const { port, closed } = await forward(invocation, target, asked ? [asked] : [target.port, 0]);
  invocation.streams.stdout.write(`http://localhost:${port}${path}\n`);
  await closed;
  return 0;
}

async function forward(invocation: Invocation, target: PodPort, wanted: readonly number[]): Promise<ForwardedPort> {
  const { signal, streams } = invocation;
  const way = await apiOf(invocation).way();
  try {
    return await forwardPort({
      way,
      target: async () => target,
      wanted,
      signal,
      keepsAlive: true,
      userAgent: 'kubectl/malla',
      onTrouble: (error) => streams.stderr.write(`${troubleText(error)}\n`),
    });
  } catch (error) {
    const taken = error instanceof ClusterError && error.cause instanceof Error ? error.cause.message : String(error);
    throw new ToolError(`failure running port forward process: ${taken}`);
  }
}

function troubleText(error: unknown): string {
  return error instanceof NodeRefusal ? `error port-forwarding: ${error.message}` : inKubectlWords(error).message;
}
