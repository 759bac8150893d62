import { randomUUID } from 'node:crypto';
import { RE2JS } from 're2js';
import { ClusterError } from '../../cluster/cluster-error.ts';
import type { KubeClient } from '../../cluster/contract.ts';
import { readMeshConfig } from '../../cluster/mesh-config.ts';
import { readPodLog } from '../../cluster/pod-log.ts';
import { isReady } from '../../diagnosis/pods.ts';
import type { Pod } from '../../diagnosis/scene.ts';
import type { LogSighting } from '../../diagnosis/telemetry-sighting.ts';
import type { Patterns } from '../../labs/lab.ts';
import { type Answer, sendRequest } from '../../traffic/load.ts';
import { isAccessLine, plainId, requestIds } from '../access-lines.ts';
import { askFrom, findClient } from '../ask-from-pod.ts';
import type { CheckKind } from '../check-kind.ts';
import { urlOf } from '../entry.ts';
import { evidenceOf } from '../evidence.ts';
import type { ObserveContext } from '../observation.ts';

type Pattern = Patterns['registro'];
type Source = Pattern['source'];

export const registro: CheckKind<'registro'> = {
  looksAt: 'probe',
  expects: ({ pattern }) => expectation(pattern),
  async observe({ pattern }, context) {
    const { client } = context.cluster;
    const sent = pattern.request && (await send(pattern.request, context));
    const seen = await lookUntilThere(pattern, sent, context);
    const { log, found, also } = seen;
    const right = isEnough(pattern, seen) && found.length <= (pattern.atMost ?? Number.POSITIVE_INFINITY);
    const sighting = async (): Promise<LogSighting> => ({
      pods: log.pods.length,
      requests: log.requests.length,
      found: found.length,
      ...(log.otherContainers ? { otherContainers: log.otherContainers } : {}),
      ...(log.requests.length > 0 ? { last: log.requests.at(-1) ?? '' } : {}),
      ...(sent?.entry ? { answer: sent.entry } : {}),
      ...(also ? { also: { pods: also.log.pods.length, requests: also.log.requests.length } } : {}),
      meshConfig: await readMeshConfig(client),
    });
    return {
      expected: expectation(pattern),
      observed: summary(pattern, seen),
      evidence: evidenceOf([...log.pods, ...(also?.log.pods ?? [])]),
      ...(right ? {} : { symptom: { type: 'registro', pattern, sighting: await sighting() } }),
    };
  },
  changesUnseen: ({ pattern }) => pattern.request === undefined,
  watches: ({ pattern: { source, also } }) => [
    { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry' },
    ...[source, ...(also ? [also] : [])].flatMap(({ namespace }) => [
      { apiVersion: 'v1', kind: 'Pod', namespace },
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace },
    ]),
  ],
};

interface Log {
  pods: Pod[];
  otherContainers?: string[];
  lines: string[];
  /** Those of the access log. */
  requests: string[];
}

interface Seen {
  log: Log;
  found: string[];
  also?: { log: Log; paired: boolean };
}

interface Sent {
  id: string;
  mark: string;
  /** Undefined when a pod sent it. */
  entry?: { url: URL; answer: Answer };
}

type Request = NonNullable<Pattern['request']>;
type EntryRequest = Extract<Request, { path: string }>;
type PodRequest = Exclude<Request, { path: string }>;

/** Proxies write their log once a second, so the line of a request sent just now may still be on its way. */
const flushing = { simulated: 300, real: 2_500 };
const glance = { simulated: 60, real: 400 };

async function lookUntilThere(pattern: Pattern, sent: Sent | undefined, context: ObserveContext): Promise<Seen> {
  const { clock, facts, signal, cluster } = context;
  const deadline = clock.now() + (facts.simulated ? flushing.simulated : flushing.real);
  for (;;) {
    const seen = await look(pattern, sent, cluster.client);
    // A line that should not be there could still come.
    const there = pattern.atMost === undefined ? isEnough(pattern, seen) : seen.found.length > pattern.atMost;
    if (there || !sent || clock.now() >= deadline) return seen;
    await clock.sleep(facts.simulated ? glance.simulated : glance.real, signal);
  }
}

function isEnough({ atLeast, also: wanted }: Pattern, { found, also }: Seen): boolean {
  return found.length >= atLeast && (!wanted || also?.paired === true);
}

async function look(pattern: Pattern, sent: Sent | undefined, client: KubeClient): Promise<Seen> {
  const line = RE2JS.compile(pattern.line);
  const log = await readLog(pattern.source, client);
  const found = log.lines.filter((l) => line.matcher(l).find() && (!sent || isOf(l, sent)));
  if (!pattern.also || found.length === 0) return { log, found };
  const other = await readLog(pattern.also, client);
  const ids = new Set(other.lines.flatMap(requestIds));
  return { log, found, also: { log: other, paired: found.some((l) => requestIds(l).some((id) => ids.has(id))) } };
}

async function readLog({ namespace, selector, container }: Source, client: KubeClient): Promise<Log> {
  const all = (await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: selector })) as Pod[];
  const pods = all.filter((p) => p.metadata.deletionTimestamp === undefined && isReady(p));
  const log: Log = { pods: [], lines: [], requests: [] };
  for (const pod of pods.slice(0, mostPods)) {
    try {
      const lines = await readPodLog(client, { namespace, pod: pod.metadata.name, container });
      log.pods.push(pod);
      log.lines.push(...lines.map((l) => l.slice(0, longestLine)));
    } catch (error) {
      if (!(error instanceof ClusterError) || error.reason !== 'invalid') throw error;
      log.otherContainers = containersOf(pod);
    }
  }
  log.requests = log.lines.filter(isAccessLine);
  return log;
}

const longestLine = 8_000;
const mostPods = 20;

async function send(request: Request, context: ObserveContext): Promise<Sent> {
  const id = randomUUID();
  // A gateway may give the request an id of its own: the user agent travels as it is.
  const mark = `malla/${id.slice(-12)}`;
  const own = Object.keys(request.headers).find((h) => h.toLowerCase() === 'user-agent');
  const agent = own === undefined ? mark : `${request.headers[own]} ${mark}`;
  const kept = Object.fromEntries(Object.entries(request.headers).filter(([h]) => h !== own));
  const headers = { ...kept, 'user-agent': agent, 'x-request-id': id };
  const sent =
    'path' in request ? await byEntry({ ...request, headers }, context) : await byPod({ ...request, headers }, context);
  return { id, mark, ...sent };
}

async function byEntry(request: EntryRequest, { cluster, signal }: ObserveContext): Promise<Pick<Sent, 'entry'>> {
  const url = urlOf(cluster, request.path);
  const answer = await sendRequest({ url: url.href, method: request.method, headers: request.headers, signal });
  signal.throwIfAborted();
  if (!answer) throw new Error('A request that was not aborted must have an outcome.');
  return { entry: { url, answer } };
}

/** What becomes of it is told by the log. Without a pod to send it there is no line, and that has a cause too. */
async function byPod(request: PodRequest, { cluster: { client }, signal }: ObserveContext): Promise<object> {
  const pod = await findClient(client, request.from);
  if (pod) await askFrom(client, pod, request.from, request, signal);
  return {};
}

function isOf(line: string, { id, mark }: Sent): boolean {
  return line.includes(mark) || requestIds(line).includes(plainId(id));
}

function containersOf({ spec }: Pod): string[] {
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].flatMap((c) => c.name ?? []);
}

function expectation({ source, line, atLeast, atMost, request, also }: Pattern): string {
  const asked = request ? `tras ${request.method} ${'path' in request ? request.path : request.url}, ` : '';
  const many =
    atMost === undefined
      ? atLeast === 1
        ? 'una línea'
        : `al menos ${atLeast} líneas`
      : atMost === 0
        ? 'ninguna línea'
        : `como mucho ${atMost} líneas`;
  const other = also ? `, y la misma petición en el de ${also.selector}` : '';
  return `${asked}el registro de ${source.container} en ${source.selector} tiene ${many} con «${line}»${other}`;
}

function summary({ also: wanted }: Pattern, { log, found, also }: Seen): string {
  if (log.pods.length === 0) return log.otherContainers ? 'no hay tal contenedor' : 'no hay ningún pod listo';
  const lines = found.length === 1 ? '1 línea así' : `${found.length} líneas así`;
  const seen = `${lines} entre ${log.requests.length} ${log.requests.length === 1 ? 'petición' : 'peticiones'}`;
  if (!wanted || !also) return seen;
  return `${seen}, ${also.paired ? 'y la misma petición en el otro registro' : 'y ninguna de ellas en el otro registro'}`;
}
