import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { durationOf } from '../common-flags.ts';
import { pathOf, pluralName, type Resource } from '../discovery.ts';
import { labelSelectorText } from '../label-selector.ts';
import { listObjects, scopeOf, targetsOf } from '../selection.ts';
import type { Command, Session } from '../session.ts';

export const logsCommand: Command = {
  summary: 'Muestra lo que escriben los contenedores',
  flags: {
    'all-containers': { kind: 'bool' },
    'all-pods': { kind: 'bool' },
    container: { short: 'c', kind: 'text' },
    follow: { short: 'f', kind: 'bool' },
    'ignore-errors': { kind: 'bool' },
    'limit-bytes': { kind: 'text' },
    'max-log-requests': { kind: 'text' },
    prefix: { kind: 'bool' },
    previous: { short: 'p', kind: 'bool' },
    selector: { short: 'l', kind: 'text' },
    since: { kind: 'text' },
    'since-time': { kind: 'text' },
    tail: { kind: 'text' },
    timestamps: { kind: 'bool' },
  },
  async run(session) {
    const resource = await session.discovery.named('pods');
    const sources = (await podsOf(session, resource)).flatMap((pod) =>
      containersOf(pod, session).map((container) => ({ pod, container })),
    );
    const print = (source: (typeof sources)[number]) => printLog(session, resource, source.pod, source.container);
    if (session.flags.bool('follow')) await Promise.all(sources.map(print));
    else for (const source of sources) await print(source);
    return 0;
  },
};

interface PodSpec {
  containers?: { name: string }[];
  initContainers?: { name: string }[];
}

async function podsOf(session: Session, pods: Resource): Promise<KubeObject[]> {
  const { flags, args, api, err } = session;
  const namespace = await session.namespace();
  if (flags.text('selector') !== undefined) {
    const found = await listObjects(session, pods, namespace);
    if (found.length === 0) err(`No resources found in ${namespace} namespace.\n`);
    return found.map((f) => f.object);
  }
  const [first] = args;
  if (first === undefined)
    throw new ToolError(
      "error: expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples",
    );
  const [target] = first.includes('/')
    ? await targetsOf(session, [first])
    : [{ resource: pods, namespace: await scopeOf(session, pods), name: first }];
  if (!target) return [];
  const object = await api.find<KubeObject>({ path: pathOf(target.resource, target.namespace, target.name) });
  if (!object)
    throw new ToolError(
      `error: error from server (NotFound): ${pluralName(target.resource)} "${target.name}" not found in namespace "${namespace}"`,
    );
  if (target.resource.plural === 'pods') return [object];
  return podsBehind(session, pods, object);
}

async function podsBehind(session: Session, pods: Resource, owner: KubeObject): Promise<KubeObject[]> {
  const labelSelector = labelSelectorText(owner);
  if (labelSelector === undefined)
    throw new ToolError(`error: cannot get the logs from ${owner.kind}: selector is missing`);
  const { items = [] } = await session.api.json<{ items?: KubeObject[] }>({
    path: pathOf(pods, owner.metadata.namespace),
    query: { labelSelector },
  });
  const [first, ...more] = items.toSorted((a, b) => readiness(b) - readiness(a));
  if (!first) throw new ToolError('error: timed out waiting for the condition');
  if (more.length === 0 || session.flags.bool('all-pods')) return session.flags.bool('all-pods') ? items : [first];
  session.err(`Found ${items.length} pods, using pod/${first.metadata.name}\n`);
  return [first];
}

const readiness = ({ status }: KubeObject) => ((status as { phase?: string } | undefined)?.phase === 'Running' ? 1 : 0);

function containersOf(pod: KubeObject, { flags, args, err }: Session): string[] {
  const { containers = [], initContainers = [] } = (pod.spec ?? {}) as PodSpec;
  const names = containers.map((c) => c.name);
  const all = [...initContainers.map((c) => c.name), ...names];
  const wished = flags.text('container') ?? (args[0]?.includes('/') ? undefined : args[1]);
  if (wished !== undefined) {
    if (all.includes(wished)) return [wished];
    throw new ToolError(`error: container ${wished} is not valid for pod ${pod.metadata.name}`);
  }
  if (flags.bool('all-containers')) return all;
  const usual = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (usual !== undefined && all.includes(usual)) return [usual];
  const [first] = names;
  if (names.length > 1 || initContainers.length > 0)
    err(
      `Defaulted container "${first}" out of: ${[...names, ...initContainers.map((c) => `${c.name} (init)`)].join(', ')}\n`,
    );
  return first === undefined ? [] : [first];
}

async function printLog(session: Session, pods: Resource, pod: KubeObject, container: string): Promise<void> {
  const { flags, api, streams, signal } = session;
  const bySelector = flags.text('selector') !== undefined;
  const tail = flags.text('tail') ?? (bySelector ? '10' : '-1');
  const since = flags.text('since');
  const query = {
    container,
    follow: flags.bool('follow') ? 'true' : undefined,
    previous: flags.bool('previous') ? 'true' : undefined,
    timestamps: flags.bool('timestamps') ? 'true' : undefined,
    tailLines: Number(tail) < 0 ? undefined : tail,
    limitBytes: flags.text('limit-bytes'),
    sinceTime: flags.text('since-time'),
    sinceSeconds: since === undefined ? undefined : String(Math.max(1, Math.round(durationOf(since) / 1000))),
  };
  const { namespace, name } = pod.metadata;
  const prefix = flags.bool('prefix') ? `[pod/${name}/${container}] ` : '';
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of api.stream({ path: `${pathOf(pods, namespace, name)}/log`, query }, signal)) {
    if (!prefix) {
      streams.stdout.write(chunk);
      continue;
    }
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) streams.stdout.write(`${prefix}${part}\n`);
  }
}
