import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { fileFlags, selectorFlags, writeFlags } from '../common-flags.ts';
import { findObjects } from '../selection.ts';
import type { Command } from '../session.ts';
import { createOne } from './create.ts';

interface Exposable {
  selector?: Record<string, string> | { matchLabels?: Record<string, string> };
  template?: { spec?: { containers?: { ports?: { containerPort: number; protocol?: string }[] }[] } };
  ports?: { port: number; protocol?: string }[];
  containers?: { ports?: { containerPort: number; protocol?: string }[] }[];
}

export const exposeCommand: Command = {
  summary: 'Crea un Service para un Deployment, un Pod u otro Service',
  flags: {
    ...fileFlags,
    ...selectorFlags,
    ...writeFlags,
    'cluster-ip': { kind: 'text' },
    labels: { kind: 'text' },
    name: { kind: 'text' },
    port: { kind: 'text' },
    protocol: { kind: 'text' },
    'target-port': { kind: 'text' },
    type: { kind: 'text' },
  },
  async run(session) {
    const { flags } = session;
    const chosen = flags.text('selector');
    const [found, ...more] = await findObjects(session, session.args, { explicit: true });
    if (!found || more.length > 0) throw new ToolError('error: exactly one resource is required');
    const { object } = found;
    const selector = chosen ? labelsOf(chosen) : selectorOf(object);
    const ports = portsOf(object, flags.text('port'), flags.text('protocol'), flags.text('target-port'));
    if (ports.length === 0)
      throw new ToolError(
        "error: couldn't find port via --port flag or introspection\nSee 'kubectl expose -h' for help and examples",
      );
    const labels = flags.text('labels') ? labelsOf(flags.text('labels') ?? '') : object.metadata.labels;
    const type = flags.text('type');
    const clusterIP = flags.text('cluster-ip');
    const service: KubeObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: flags.text('name') ?? object.metadata.name,
        namespace: object.metadata.namespace ?? 'default',
        ...(labels ? { labels } : {}),
      },
      spec: { ports, selector, ...(type ? { type } : {}), ...(clusterIP ? { clusterIP } : {}) },
    };
    const resource = await session.discovery.named('services');
    await createOne(session, resource, service, 'exposed');
    return 0;
  },
};

function selectorOf(object: KubeObject): Record<string, string> {
  const { selector } = (object.spec ?? {}) as Exposable;
  if (object.kind === 'Pod') return object.metadata.labels ?? {};
  if (selector && 'matchLabels' in selector && typeof selector.matchLabels === 'object') return selector.matchLabels;
  if (selector && object.kind === 'Service') return selector as Record<string, string>;
  throw new ToolError(`error: cannot expose a ${object.kind}`);
}

function portsOf(
  object: KubeObject,
  wished: string | undefined,
  protocol: string | undefined,
  target: string | undefined,
) {
  const spec = (object.spec ?? {}) as Exposable;
  const containers = spec.template?.spec?.containers ?? spec.containers ?? [];
  const own = [
    ...containers.flatMap((c) => c.ports ?? []).map((p) => ({ port: p.containerPort, protocol: p.protocol })),
    ...(object.kind === 'Service' ? (spec.ports ?? []) : []),
  ];
  const ports = wished ? wished.split(',').map((p) => ({ port: Number(p), protocol: protocol ?? 'TCP' })) : own;
  return ports.map((p, index) => ({
    ...(ports.length > 1 ? { name: `port-${index + 1}` } : {}),
    port: p.port,
    protocol: protocol ?? p.protocol ?? 'TCP',
    targetPort: target === undefined ? p.port : /^\d+$/.test(target) ? Number(target) : target,
  }));
}

const labelsOf = (text: string): Record<string, string> =>
  Object.fromEntries(text.split(',').map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]));
