// The views that come with Istio: says how to reach each from here.
import { ToolError } from '../../tool.ts';
import { findPod } from '../proxy/find-pod.ts';
import { type Command, clientOf, istioNamespaceOf } from './command.ts';

/** Dashboard → label of its pods and port of its page. */
const dashboards: Record<string, { label: string; port: number; path: string }> = {
  grafana: { label: 'app.kubernetes.io/name=grafana', port: 3000, path: '' },
  jaeger: { label: 'app=jaeger', port: 16_686, path: '/jaeger' },
  kiali: { label: 'app.kubernetes.io/name=kiali', port: 20_001, path: '/kiali' },
  prometheus: { label: 'app.kubernetes.io/name=prometheus', port: 9090, path: '' },
  zipkin: { label: 'app=zipkin', port: 9411, path: '' },
};

export const dashboardCommand: Command = {
  summary: 'Dice cómo abrir una vista de la malla: kiali, grafana, prometheus, jaeger, envoy POD, controlz POD',
  usage: '(controlz|envoy|grafana|jaeger|kiali|prometheus|zipkin) [POD[.ESPACIO]]',
  flags: { address: { kind: 'text' }, browser: { kind: 'bool' }, port: { short: 'p', kind: 'text' } },
  async run(invocation) {
    const { args, streams, flags } = invocation;
    const [name = '', pod] = args;
    const say = (namespace: string, target: string, port: number, path: string) => {
      const local = flags.text('port') ?? String(port);
      streams.stdout.write(
        `kubectl port-forward -n ${namespace} ${target} ${local}:${port}\nhttp://localhost:${local}${path}\n`,
      );
      return 0;
    };
    if (name === 'envoy' || name === 'controlz') {
      if (pod === undefined) throw new ToolError('specify a pod or --selector');
      const found = await findPod(invocation, pod);
      return say(found.namespace, `pod/${found.name}`, name === 'envoy' ? 15_000 : 9876, '');
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
    return say(namespace, `pod/${first.metadata.name}`, dashboard.port, dashboard.path);
  },
};
