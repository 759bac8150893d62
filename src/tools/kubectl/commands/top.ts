import type { KubeObject } from '../../../mesh/objects.ts';
import { quantityOf } from '../../../mesh/quantity.ts';
import { ToolError } from '../../tool.ts';
import { columns } from '../printing/tabs.ts';
import type { Command, Session } from '../session.ts';
import { StatusError } from '../status-error.ts';

const METRICS = '/apis/metrics.k8s.io/v1beta1';

interface Usage {
  cpu?: string;
  memory?: string;
}

type NodeMetrics = KubeObject & { usage?: Usage };
type PodMetrics = KubeObject & { containers?: { name: string; usage?: Usage }[] };

export const topCommand: Command = {
  summary: 'Cuánto gastan los nodos y los pods',
  flags: {
    'all-namespaces': { short: 'A', kind: 'bool' },
    containers: { kind: 'bool' },
    'field-selector': { kind: 'text' },
    'no-headers': { kind: 'bool' },
    selector: { short: 'l', kind: 'text' },
    'sort-by': { kind: 'text' },
    sum: { kind: 'bool' },
  },
  async run(session) {
    const [what = '', ...names] = session.args;
    const sortBy = session.flags.text('sort-by');
    if (sortBy !== undefined && sortBy !== 'cpu' && sortBy !== 'memory')
      throw new ToolError('error: --sort-by accepts only cpu or memory');
    if (/^(?:no|nodes?)$/.test(what)) return topNodes(session, names);
    if (/^(?:po|pods?)$/.test(what)) return topPods(session, names);
    throw new ToolError('error: el kubectl de Malla tiene «top nodes» y «top pods»');
  },
};

async function topNodes(session: Session, names: string[]): Promise<number> {
  const { api, flags, out } = session;
  const metrics = await read<NodeMetrics>(session, `${METRICS}/nodes`, names);
  if (metrics.length === 0) throw new ToolError('error: metrics not available yet');
  const { items } = await api.json<{ items: KubeObject[] }>({ path: '/api/v1/nodes' });
  const rows = sorted(
    session,
    metrics.map((node) => ({ name: node.metadata.name, usage: node.usage ?? {} })),
  ).map(({ name, usage }) => {
    const node = items.find(({ metadata }) => metadata.name === name);
    const room = (node?.status as { allocatable?: Usage } | undefined)?.allocatable;
    return [name, cpu(usage), share(usage.cpu, room?.cpu), memory(usage), share(usage.memory, room?.memory)];
  });
  const header = ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'];
  out(table(flags.bool('no-headers') ? rows : [header, ...rows]));
  return 0;
}

async function topPods(session: Session, names: string[]): Promise<number> {
  const { api, flags, out, err } = session;
  const everywhere = flags.bool('all-namespaces') === true;
  const namespace = await session.namespace();
  const path = everywhere ? `${METRICS}/pods` : `${METRICS}/namespaces/${encodeURIComponent(namespace)}/pods`;
  const pods = await read<PodMetrics>(session, path, names);
  if (pods.length === 0) {
    // Their figures come a while after them.
    const around = everywhere ? '/api/v1/pods' : `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
    const query = { labelSelector: flags.text('selector'), fieldSelector: flags.text('field-selector') };
    const { items = [] } = await api.json<{ items?: unknown[] }>({ path: around, query });
    if (items.length > 0) throw new ToolError('error: metrics not available yet');
    err(everywhere ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`);
    return 0;
  }
  const byContainer = flags.bool('containers') === true;
  const lines = sorted(
    session,
    pods.map((pod) => ({
      name: pod.metadata.name,
      namespace: pod.metadata.namespace ?? '',
      usage: sumOf((pod.containers ?? []).map(({ usage }) => usage)),
      containers: pod.containers ?? [],
    })),
  );
  if (everywhere && !flags.has('sort-by')) lines.sort((a, b) => compare(a.namespace, b.namespace));
  const before = (pod: { namespace: string }) => (everywhere ? [pod.namespace] : []);
  const rows = lines.flatMap((pod) =>
    byContainer
      ? sorted(
          session,
          pod.containers.map(({ name, usage = {} }) => ({ name, usage })),
        ).map(({ name, usage }) => [...before(pod), pod.name, name, cpu(usage), memory(usage)])
      : [[...before(pod), pod.name, cpu(pod.usage), memory(pod.usage)]],
  );
  const header = [
    ...(everywhere ? ['NAMESPACE'] : []),
    ...(byContainer ? ['POD'] : []),
    'NAME',
    'CPU(cores)',
    'MEMORY(bytes)',
  ];
  const total = sumOf(lines.map(({ usage }) => usage));
  const sum = flags.bool('sum') ? sumRows(header.length, total) : [];
  out(table([...(flags.bool('no-headers') ? [] : [header]), ...rows, ...sum]));
  return 0;
}

/** Under the figures, a line and their sum. */
function sumRows(width: number, total: Usage): string[][] {
  const blank = Array.from({ length: width - 2 }, () => '');
  return [
    [...blank, '________', '________'],
    [...blank, cpu(total), memory(total)],
  ];
}

async function read<T extends KubeObject>({ api, flags }: Session, path: string, names: string[]): Promise<T[]> {
  const selector = flags.text('selector');
  if (names.length > 0 && selector !== undefined)
    throw new ToolError('error: only one of NAME or --selector can be provided');
  try {
    const [name] = names;
    if (name !== undefined) return [await api.json<T>({ path: `${path}/${encodeURIComponent(name)}` })];
    const query = { labelSelector: selector, fieldSelector: flags.text('field-selector') };
    return (await api.json<{ items?: T[] }>({ path, query })).items ?? [];
  } catch (error) {
    // A cluster that nobody measures does not have the address.
    const unknown = error instanceof StatusError && error.isNotFound && !error.status.details?.name;
    if (unknown) throw new ToolError('error: Metrics API not available');
    throw error;
  }
}

function sorted<T extends { name: string; usage: Usage }>({ flags }: Session, lines: T[]): T[] {
  const by = flags.text('sort-by');
  if (by !== 'cpu' && by !== 'memory') return lines.toSorted((a, b) => compare(a.name, b.name));
  return lines.toSorted((a, b) => quantityOf(b.usage[by]) - quantityOf(a.usage[by]));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function sumOf(usages: (Usage | undefined)[]): Usage {
  const total = (name: keyof Usage) => usages.reduce((sum, usage) => sum + quantityOf(usage?.[name]), 0);
  return { cpu: `${Math.round(total('cpu') * 1e9)}n`, memory: String(total('memory')) };
}

/** Rounded up, as Go's quantities are. */
function cpu(usage: Usage): string {
  return `${Math.ceil(Number((quantityOf(usage.cpu) * 1000).toFixed(6)))}m`;
}

function memory(usage: Usage): string {
  return `${Math.floor(quantityOf(usage.memory) / 2 ** 20)}Mi`;
}

function share(used: string | undefined, room: string | undefined): string {
  const milli = (quantity: string | undefined) => Math.ceil(Number((quantityOf(quantity) * 1000).toFixed(6)));
  return room === undefined ? '' : `${Math.floor((milli(used) / milli(room)) * 100)}%`;
}

/** Every cell ends with a tab, the last one too, so lines end with the spaces of their column. */
function table(rows: string[][]): string {
  return columns(rows.map((row) => [...row, '']));
}
