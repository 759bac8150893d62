import { randomBytes } from 'node:crypto';
import { ClusterError } from '../../cluster/cluster-error.ts';
import { findJaeger, type Jaeger, type JaegerTrace } from '../../cluster/jaeger.ts';
import { readMeshConfig } from '../../cluster/mesh-config.ts';
import type { SeenSpan, TraceSighting } from '../../diagnosis/telemetry-sighting.ts';
import type { Patterns } from '../../labs/lab.ts';
import { type Answer, sendRequest } from '../../traffic/load.ts';
import type { CheckKind } from '../check-kind.ts';
import { urlOf } from '../entry.ts';
import type { ObserveContext } from '../observation.ts';
import { routingKinds } from '../routing-kinds.ts';
import { isOrphan, spansOf, startsOfTraces } from '../trace-spans.ts';

type Pattern = Patterns['traza'];
type Outcome = TraceSighting['outcome'];

export const traza: CheckKind<'traza'> = {
  looksAt: 'probe',
  expects: ({ pattern }) => expectation(pattern),
  async observe({ pattern }, context) {
    const { client } = context.cluster;
    const jaeger = await findJaeger(client);
    const sent = await send(pattern, context);
    const outcome: Outcome = jaeger ? await search(pattern, jaeger, sent, context) : { kind: 'absent' };
    const observation = {
      expected: expectation(pattern),
      observed: summary(outcome, sent.answer),
      evidence: { requests: 1, ...(outcome.kind === 'trace' ? { counts: { tramos: outcome.spans.length } } : {}) },
    };
    if (outcome.kind === 'trace' && isWhole(pattern, outcome.spans)) return observation;
    const sighting: TraceSighting = {
      url: sent.url,
      answer: sent.answer,
      outcome,
      strays: outcome.kind === 'trace' && jaeger ? await strays(jaeger, outcome.spans, sent.startedAt) : [],
      meshConfig: await readMeshConfig(client),
    };
    return { ...observation, symptom: { type: 'traza', pattern, sighting } };
  },
  watches: () => [
    ...routingKinds,
    { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry' },
    { apiVersion: 'apps/v1', kind: 'Deployment' },
  ],
};

interface Sent {
  url: URL;
  answer: Answer;
  trace: string;
  /** A user agent of its own, by which a trace that the mesh began is found. */
  agent: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
}

async function send({ path, method, headers, own }: Pattern, { cluster, signal }: ObserveContext): Promise<Sent> {
  const url = urlOf(cluster, path);
  const trace = randomBytes(16).toString('hex');
  const span = randomBytes(8).toString('hex');
  const agent = `malla-traza/${span}`;
  // In both alphabets: which one a proxy reads depends on the provider.
  const context: Record<string, string> = own
    ? {
        traceparent: `00-${trace}-${span}-01`,
        'x-b3-traceid': trace,
        'x-b3-spanid': span,
        'x-b3-sampled': '1',
        // With W3C it is not the parent but the proxy who chooses; this asks it to.
        'x-client-trace-id': trace,
      }
    : {};
  const startedAt = Date.now();
  const answer = await sendRequest({
    url: url.href,
    method,
    headers: { ...headers, ...context, 'user-agent': agent },
    signal,
  });
  signal.throwIfAborted();
  if (!answer) throw new Error('A request that was not aborted must have an outcome.');
  return { url, answer, trace, agent, startedAt };
}

/** Proxies send their spans in batches, every few seconds, and Jaeger stores them in batches too. */
const arriving = { simulated: 1_200, real: 15_000 };
const glance = { simulated: 80, real: 700 };

async function search(pattern: Pattern, jaeger: Jaeger, sent: Sent, context: ObserveContext): Promise<Outcome> {
  const { clock, facts, signal } = context;
  const deadline = clock.now() + (facts.simulated ? arriving.simulated : arriving.real);
  for (;;) {
    const outcome = await find(pattern, jaeger, sent);
    if (outcome.kind === 'trace' && isWhole(pattern, outcome.spans)) return outcome;
    if (clock.now() >= deadline || outcome.kind === 'silent') return outcome;
    await clock.sleep(facts.simulated ? glance.simulated : glance.real, signal);
  }
}

async function find({ own }: Pattern, jaeger: Jaeger, { trace, agent, startedAt }: Sent): Promise<Outcome> {
  try {
    const found = own ? await jaeger.trace(trace) : await findByAgent(jaeger, agent, startedAt);
    return found && found.spans.length > 0 ? { kind: 'trace', spans: spansOf(found) } : { kind: 'none' };
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'server') return { kind: 'silent', detail: error.detail };
    throw error;
  }
}

/** Jaeger searches by the first service: the gateway's. */
async function findByAgent(jaeger: Jaeger, agent: string, startedAt: number): Promise<JaegerTrace | undefined> {
  const entries = (await jaeger.services()).filter((s) => s.includes('gateway'));
  for (const service of entries) {
    const [found] = await jaeger.traces({
      service,
      tags: JSON.stringify({ user_agent: agent }),
      start: String((startedAt - 60_000) * 1000),
      limit: '1',
    });
    if (found) return found;
  }
  return undefined;
}

/** Where the trace goes by and who calls on begins another one: services that lose its headers. */
async function strays(jaeger: Jaeger, spans: readonly SeenSpan[], startedAt: number): Promise<string[]> {
  const suspects = [...new Set(spans.map((s) => s.service))].filter((service) => isOrphan(spans, service));
  const found: string[] = [];
  for (const service of suspects) {
    const traces = await jaeger.traces({ service, start: String((startedAt - 1_000) * 1000), limit: '40' });
    if (traces.some((trace) => startsOfTraces(trace).has(service))) found.push(service);
  }
  return found;
}

function isWhole({ services, spans: least = 0 }: Pattern, spans: readonly SeenSpan[]): boolean {
  const seen = new Set(spans.map((s) => s.service));
  return spans.length >= least && services.every((s) => seen.has(s));
}

function expectation({ path, services, spans, own }: Pattern): string {
  const many = spans === undefined ? '' : ` y al menos ${spans} tramos`;
  const kept = own ? '' : ', sin pedirlo en la petición';
  return `la traza de una petición a ${path}${kept} tiene a ${services.join(', ')}${many}`;
}

function summary(outcome: Outcome, { status, failure }: Answer): string {
  const answered = failure ? 'la petición no entra' : `la petición responde ${status}`;
  switch (outcome.kind) {
    case 'absent':
      return `${answered}, y no hay Jaeger en istio-system`;
    case 'silent':
      return `${answered}, y Jaeger no contesta (${outcome.detail.slice(0, 120)})`;
    case 'none':
      return `${answered}, y Jaeger no tiene ninguna traza suya`;
    case 'trace': {
      const services = [...new Set(outcome.spans.map((s) => s.service))].toSorted();
      const many = outcome.spans.length === 1 ? '1 tramo' : `${outcome.spans.length} tramos`;
      return `${many} de ${services.join(', ')}`;
    }
  }
}
