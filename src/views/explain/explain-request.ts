// Asks the engine, proxy by proxy, and puts its answers into words.
import type { Closed, Outcome, Source, Step } from '../../mesh/decision.ts';
import type {
  Chance,
  InboundConnection,
  MeshEngine,
  Proxy as MeshProxy,
  MeshRequest,
  TokenOutcome,
} from '../../mesh/engine.ts';
import { indexMesh } from '../../mesh/index-mesh.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { indexServices } from '../../mesh/services.ts';
import { claimedToken } from './claimed-token.ts';
import type { ExplainedHop, ExplainedRequest, ExplainedStep, ExplainQuestion } from './explained-request.ts';
import { findClient, proxyOf } from './parties.ts';
import { outcomeSentence, sentenceOf } from './sentences.ts';
import { authoredYaml, lineOf } from './yaml-lines.ts';

const DRAWS = 1000;

export interface ExplainContext {
  objects: readonly KubeObject[];
  rootNamespace: string;
  meshConfig?: Readonly<Record<string, unknown>>;
  random: () => number;
}

/** Undefined when the client of the question is no longer there. */
export function explainRequest(context: ExplainContext, question: ExplainQuestion): ExplainedRequest | undefined {
  const { objects } = context;
  const client = findClient(objects, question.client);
  if (!client) return undefined;
  const engine = indexMesh(context);
  const texts = createYamlTexts(objects);
  const chance = createChance(context.random);
  const request = requestOf(objects, client.proxy, client.pod, question);
  const told = (steps: readonly Step[]): ExplainedStep[] =>
    steps.map((step) => ({ ...sentenceOf(step), ...(step.source && { source: texts.at(step.source) }) }));

  const hops: ExplainedHop[] = [];
  const name = client.pod.metadata.name;
  const entry = client.proxy.kind === 'gateway' ? admitAt(engine, client, request, undefined) : undefined;
  if (entry) hops.push({ title: `Entrada del gateway ${name}`, steps: told(entry.steps) });
  if (entry?.end) return { ...ending(entry.end), hops, shares: [], draws: 0, objects: texts.used() };

  const { steps, outcome } = engine.decide(client.proxy, request, chance);
  hops.push({ title: `${client.proxy.kind === 'gateway' ? 'Gateway' : 'Sidecar de'} ${name}`, steps: told(steps) });
  let end: { outcome: string; status: number } = ending(outcome);
  if (outcome.kind === 'forward') {
    const pod = podOf(objects, outcome.endpoint);
    const proxy = pod && proxyOf(pod);
    if (pod && proxy) {
      const inside = { ...request, path: outcome.rewrittenPath ?? request.path, port: outcome.endpoint.port };
      const admission = admitAt(engine, { pod, proxy }, inside, client.pod);
      hops.push({ title: `Sidecar de ${pod.metadata.name}`, steps: told(admission.steps) });
      if (admission.end) end = ending(admission.end);
    }
  }
  const shares = sharesOf(engine, client.proxy, request, chance);
  return { ...end, hops, shares, draws: DRAWS, objects: texts.used() };
}

/** What the proxy of a pod lets in. `end` is there when it does not. */
function admitAt(
  engine: MeshEngine,
  { pod, proxy }: { pod: KubeObject; proxy: MeshProxy },
  request: MeshRequest,
  caller: KubeObject | undefined,
): { steps: Step[]; end?: Outcome | Closed } {
  const connection: InboundConnection = {
    port: request.port,
    sourceAddress: caller ? addressOf(caller) : '203.0.113.1',
    destinationAddress: addressOf(pod),
    ...(caller && { principal: principalOf(caller) }),
  };
  const acceptance = engine.accept(proxy, connection);
  if (acceptance.refusal) return { steps: acceptance.steps, end: acceptance.refusal };
  const token: TokenOutcome = claimedToken(engine.tokenRules(proxy), request);
  const admission = engine.admit(proxy, connection, request, token);
  const steps = [...acceptance.steps, ...admission.steps];
  return admission.kind === 'denied' ? { steps, end: admission.reply } : { steps };
}

function ending(outcome: Outcome | Closed): { outcome: string; status: number } {
  if (outcome.kind === 'closed')
    return { outcome: `La conexión se corta (${outcome.details}): no hay respuesta HTTP.`, status: 0 };
  return { outcome: outcomeSentence(outcome), status: outcome.kind === 'reply' ? outcome.status : 0 };
}

function sharesOf(
  engine: MeshEngine,
  proxy: MeshProxy,
  request: MeshRequest,
  chance: Chance,
): ExplainedRequest['shares'] {
  const counts = new Map<string, number>();
  for (let i = 0; i < DRAWS; i++) {
    const { outcome } = engine.decide(proxy, request, chance);
    const to = outcome.kind === 'forward' ? outcome.endpoint.pod || outcome.endpoint.address : labelOf(outcome);
    counts.set(to, (counts.get(to) ?? 0) + 1);
  }
  return [...counts].map(([to, count]) => ({ to, count })).sort((a, b) => b.count - a.count);
}

function labelOf(outcome: Outcome): string {
  return outcome.kind === 'reply' ? `respuesta ${outcome.status}` : outcome.kind === 'refused' ? 'rechazada' : 'fuera';
}

/** The port of a gateway is that of its pod; a client writes that of its Service. */
function requestOf(
  objects: readonly KubeObject[],
  proxy: MeshProxy,
  pod: KubeObject,
  { host, port, method, path, headers }: ExplainQuestion,
): MeshRequest {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const own = proxy.kind === 'gateway' ? targetPort(objects, pod, port) : port;
  return { authority: host, port: own, method, path, headers: lower };
}

function targetPort(objects: readonly KubeObject[], pod: KubeObject, port: number): number {
  for (const service of indexServices(objects).all()) {
    if (service.namespace !== pod.metadata.namespace || service.selector.size === 0) continue;
    if (![...service.selector].every(([key, value]) => pod.metadata.labels?.[key] === value)) continue;
    const found = service.ports.find((p) => p.port === port);
    if (typeof found?.target === 'number') return found.target;
  }
  return port;
}

function podOf(objects: readonly KubeObject[], { namespace, pod }: { namespace: string; pod: string }) {
  return objects.find((o) => o.kind === 'Pod' && o.metadata.name === pod && o.metadata.namespace === namespace);
}

function addressOf(pod: KubeObject): string {
  return (pod.status as { podIP?: string } | undefined)?.podIP ?? '';
}

function principalOf(pod: KubeObject): string {
  const { serviceAccountName = 'default' } = (pod.spec ?? {}) as { serviceAccountName?: string };
  return `spiffe://cluster.local/ns/${pod.metadata.namespace ?? 'default'}/sa/${serviceAccountName}`;
}

function createYamlTexts(objects: readonly KubeObject[]) {
  const texts = new Map<string, string>();
  return {
    at({ kind, namespace, name, path }: Source): NonNullable<ExplainedStep['source']> {
      const key = `${kind} ${namespace}/${name}`;
      const object = objects.find(
        (o) => o.kind === kind && o.metadata.name === name && (o.metadata.namespace ?? '') === namespace,
      );
      if (!object) return { object: key, path };
      const yaml = texts.get(key) ?? authoredYaml(object);
      texts.set(key, yaml);
      const line = lineOf(yaml, path);
      return { object: key, path, ...(line !== undefined && { line }) };
    },
    used: () => Object.fromEntries(texts),
  };
}

function createChance(random: () => number): Chance {
  const cursors = new Map<string, number>();
  return {
    random,
    next(cluster, size) {
      const index = cursors.get(cluster) ?? 0;
      cursors.set(cluster, index + 1);
      return size > 0 ? index % size : 0;
    },
  };
}
