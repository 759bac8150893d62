// Plays situations on a cluster: a namespace for each, its objects, its questions in order, and everything away again.
import { setTimeout as wait } from 'node:timers/promises';
import { createTools, fromPath, type Tools } from '../run/tools.ts';
import type { Ask, HttpAsk, KubectlAsk, Observation, Recording, Situation } from './behaviour.ts';
import { type Cluster, connect } from './client.ts';
import { leaves, normaliseText, normaliseValue } from './normalise.ts';

export interface PlayOptions {
  kubeconfig: string;
  /** Situations at once. */
  lanes: number;
  /** Only what is asked without starting kubectl. */
  quick?: boolean;
  onSituation?(id: string, milliseconds: number, error?: unknown): void;
  /** Of one situation, as soon as it is over. */
  onSeen?(seen: Recording): void;
}

interface Stage {
  tools: Tools;
  cluster: Cluster;
  namespace: string;
  quick: boolean;
  /** What only this cluster is called: its address, its nodes. */
  names: Record<string, string>;
}

/** A situation that cannot be set up is left out, and told: the others go on. */
export async function play(situations: Situation[], options: PlayOptions): Promise<Recording> {
  const tools = createTools({ ...process.env, KUBECONFIG: options.kubeconfig, HOME: '/nonexistent' }, fromPath);
  const cluster = await connect(options.kubeconfig);
  const names = await namesOf(cluster);
  const { quick = false } = options;
  const recording: Recording = {};
  const queue = [...situations];
  const playing = new Set<Situation>();
  const lane = async (): Promise<void> => {
    while (queue.length > 0) {
      const at = queue.findIndex((each) => ![...playing].some((other) => inTheWay(each, other)));
      const [next] = at < 0 ? [] : queue.splice(at, 1);
      if (!next) {
        await wait(100);
        continue;
      }
      playing.add(next);
      const start = performance.now();
      try {
        const seen = await playSituation(next, { tools, cluster, names, namespace: `kf-${next.id}`, quick });
        Object.assign(recording, seen);
        options.onSeen?.(seen);
        options.onSituation?.(next.id, performance.now() - start);
      } catch (error) {
        options.onSituation?.(next.id, performance.now() - start, error);
      }
      playing.delete(next);
    }
  };
  try {
    await Promise.all(Array.from({ length: options.lanes }, lane));
  } finally {
    cluster.close();
  }
  return Object.fromEntries(Object.entries(recording).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is outside of their namespaces has the same names in both, or both define kinds, which are listed together. */
function inTheWay(a: Situation, b: Situation): boolean {
  const defines = ({ cleanup }: Situation) => cleanup.some((each) => each.startsWith('crd '));
  return a.cleanup.some((each) => b.cleanup.includes(each)) || (defines(a) && defines(b));
}

export function behaviourIds(situations: Situation[]): string[] {
  return situations.flatMap(({ id, behaviours }) => Object.keys(behaviours).map((name) => `${id}/${name}`));
}

async function playSituation(situation: Situation, stage: Stage): Promise<Recording> {
  const seen: Recording = {};
  try {
    await makeNamespace(stage);
    for (const ask of situation.setup) {
      const { exit, text } = await answer(ask, stage);
      if (exit !== 0 && (exit < 200 || exit > 299)) throw new Error(`${describe(ask)}: ${exit} ${text}`);
    }
    for (const [name, asks] of Object.entries(situation.behaviours)) {
      if (stage.quick && [asks].flat().some(({ kind }) => kind === 'kubectl')) continue;
      seen[`${situation.id}/${name}`] = await together([asks].flat(), stage);
    }
  } finally {
    await clean(situation, stage);
  }
  return seen;
}

async function makeNamespace({ cluster, namespace }: Stage): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  const deadline = Date.now() + 90_000;
  // One of an earlier run may still be going.
  for (;;) {
    const { status } = await ask(cluster, 'POST', '/api/v1/namespaces', JSON.stringify(body));
    if (status === 201) break;
    if (Date.now() > deadline) throw new Error(`namespace ${namespace}: ${status}`);
    await wait(500);
  }
  for (const path of ['serviceaccounts/default', 'configmaps/kube-root-ca.crt']) {
    while ((await ask(cluster, 'GET', `/api/v1/namespaces/${namespace}/${path}`)).status !== 200) {
      if (Date.now() > deadline) throw new Error(`no ${path} in ${namespace}`);
      await wait(50);
    }
  }
}

async function clean({ cleanup }: Situation, { tools, cluster, namespace }: Stage): Promise<void> {
  for (const args of cleanup) await tools.kubectl(['delete', '--wait=false', '--ignore-not-found', ...args.split(' ')]);
  await ask(cluster, 'DELETE', `/api/v1/namespaces/${namespace}`);
}

function ask(cluster: Cluster, method: string, path: string, body?: string) {
  return cluster.http({ method, path, body, headers: { 'content-type': 'application/json' }, stranger: false });
}

async function together(asks: Ask[], stage: Stage): Promise<Observation> {
  const seen: Observation[] = [];
  for (const each of asks) {
    const observation = await answer(each, stage);
    if (!each.quiet) seen.push(observation);
    else if (observation.exit !== 0 && (observation.exit < 200 || observation.exit > 299)) seen.push(observation);
  }
  return { kind: 'text', exit: seen.at(-1)?.exit ?? 0, text: seen.map(({ text }) => text).join('\n') };
}

async function answer(asked: Ask, stage: Stage): Promise<Observation> {
  const once = () =>
    asked.kind === 'kubectl'
      ? byKubectl(asked, stage)
      : asked.kind === 'http'
        ? byHttp(asked, stage)
        : byClient(asked, stage);
  const deadline = Date.now() + 60_000;
  for (;;) {
    const seen = await once();
    const well = seen.exit === 0 || (seen.exit >= 200 && seen.exit < 300);
    if (well || !('until' in asked) || !asked.until || Date.now() > deadline) return seen;
    await wait(200);
  }
}

async function byKubectl({ args, input, lines }: KubectlAsk, stage: Stage): Promise<Observation> {
  const filled = args.map((arg) => fill(arg, stage));
  const { code, stdout, stderr } = await stage.tools.kubectl(filled, fill(input ?? '', stage));
  const shown = lines
    ? [...stdout.split('\n'), ...stderr.split('\n')].filter((l) => lines.test(l)).join('\n')
    : undefined;
  const text = shown ?? `${stdout}${stderr === '' ? '' : `[stderr]\n${stderr}`}`;
  return { kind: 'text', exit: code, text: normaliseText(text, stage.names) };
}

async function byHttp(asked: HttpAsk, stage: Stage): Promise<Observation> {
  const { body } = asked;
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const {
    status,
    headers,
    body: got,
  } = await stage.cluster.http({
    method: asked.method,
    path: fill(asked.path, stage),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...Object.fromEntries(Object.entries(asked.headers ?? {}).map(([k, v]) => [k, fill(v, stage)])),
    },
    body: text === undefined ? undefined : fill(text, stage),
    stranger: asked.stranger ?? false,
  });
  const warnings = [headers.warning ?? []].flat().map((w) => `warning: ${w}`);
  const type = String(headers['content-type'] ?? 'none');
  const shown = asked.firstLine ? (got.split('\n')[0] ?? '') : bodyText(got, type, asked, stage);
  return {
    kind: 'text',
    exit: status,
    text: [
      `${status} ${type}`,
      ...warnings.map((w) => normaliseValue(w, stage.names)),
      normaliseValue(shown, stage.names),
    ]
      .join('\n')
      .trimEnd(),
  };
}

function bodyText(body: string, type: string, asked: HttpAsk, _stage: Stage): string {
  if (!type.startsWith('application/json')) return body;
  const options = { fields: asked.fields ?? false };
  // A watch is one object a line; an answer for people has many lines.
  const whole = parse(body);
  const documents = whole === undefined ? body.trimEnd().split('\n').map(parse) : [whole];
  if (documents.includes(undefined)) return body;
  const all = documents.flatMap((document, i) => leaves(document, options, documents.length > 1 ? `event[${i}]` : ''));
  const { only } = asked;
  const kept = only ? all.filter((line) => only.some((path) => matches(line, path))) : all;
  return kept.join('\n');
}

function matches(line: string, path: string): boolean {
  const bare = line.replace(/^event\[\d+\]\.(object\.)?/, '').replace(/\[\d+\]/g, '');
  return bare.startsWith(path) && /^([.:]|$)/.test(bare.slice(path.length));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function byClient({ call }: Extract<Ask, { kind: 'client' }>, stage: Stage): Promise<Observation> {
  const show = (value: unknown): string => {
    const plain: unknown = JSON.parse(JSON.stringify(value ?? null));
    return normaliseValue(leaves(plain, { fields: false }).join('\n'), stage.names);
  };
  try {
    return { kind: 'text', exit: 200, text: show(await call(stage.cluster.client, stage.namespace)) };
  } catch (error) {
    const { code, body } = error as { code?: unknown; body?: unknown };
    if (typeof code !== 'number') return { kind: 'text', exit: 1, text: normaliseValue(String(error), stage.names) };
    const status: unknown = typeof body === 'string' ? (parse(body) ?? body) : body;
    return { kind: 'text', exit: code, text: show(status) };
  }
}

function fill(text: string, { namespace }: Stage): string {
  return text.replaceAll('{ns}', namespace);
}

async function namesOf(cluster: Cluster): Promise<Record<string, string>> {
  const { items } = await cluster.client.core.listNode();
  const nodes = items.map(({ metadata }) => [metadata?.name ?? '', '<node>'] as const);
  // The longest first: a name may begin like another.
  return Object.fromEntries([[cluster.server, '<server>'], ...nodes.toSorted(([a], [b]) => b.length - a.length)]);
}

function describe(asked: Ask): string {
  if (asked.kind === 'kubectl') return `kubectl ${asked.args.join(' ')}`;
  return asked.kind === 'http' ? `${asked.method} ${asked.path}` : 'client';
}
