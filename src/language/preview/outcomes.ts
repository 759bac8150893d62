// How the engine would treat a request, as a few lines that can be compared: who gets it and in what share.
import { namespaceOf } from '../../mesh/config-objects.ts';
import type { Decision, Forward } from '../../mesh/decision.ts';
import type { Chance, MeshEngine } from '../../mesh/engine.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { proxyOf } from '../../views/explain/parties.ts';
import { decimal, t } from '../say.ts';
import type { Probe } from './probes.ts';

export interface Share {
  /** `reviews v1`, `respuesta 404`, `reviews v1, hasta 2 s`. */
  to: string;
  /** Per cent, of one decimal at most. */
  percent: number;
}

const DRAWS = 1000;

/** Largest share first. The same configuration always gives the same. */
export function sharesOf(
  engine: MeshEngine,
  pods: ReadonlyMap<string, KubeObject>,
  { proxy, request }: Probe,
): Share[] {
  const counts = new Map<string, number>();
  const exact = new Map<string, number>();
  const chance = createSeeded();
  for (let i = 0; i < DRAWS; i += 1) {
    const decision = engine.decide(proxy, request, chance);
    const to = describe(engine, pods, decision, request);
    counts.set(to, (counts.get(to) ?? 0) + 1);
    const share = weightOf(decision);
    if (share !== undefined) exact.set(to, share);
  }
  // Weights are known without counting, unless something else than them decides.
  const weighed = [...exact.values()].reduce((sum, share) => sum + share, 0);
  const all = exact.size === counts.size && Math.abs(weighed - 100) < 0.01;
  return [...counts]
    .map(([to, count]) => ({ to, percent: all ? (exact.get(to) ?? 0) : Math.round((count / DRAWS) * 100) }))
    .map(({ to, percent }) => ({ to, percent: Math.round(percent * 10) / 10 }))
    .sort((a, b) => b.percent - a.percent || (a.to < b.to ? -1 : 1));
}

/** By `namespace/name`. */
export function podsByName(objects: readonly KubeObject[]): Map<string, KubeObject> {
  return new Map(objects.filter((o) => o.kind === 'Pod').map((o) => [`${namespaceOf(o)}/${o.metadata.name}`, o]));
}

function weightOf({ steps }: Decision): number | undefined {
  const drawn = steps.find(({ kind, result }) => kind === 'destination' && result === 'drawn');
  if (!drawn) return steps.some(({ kind, result }) => kind === 'destination' && result === 'only') ? 100 : undefined;
  const [weight, total] = [Number(drawn.facts.weight), Number(drawn.facts.total)];
  return total > 0 ? (weight / total) * 100 : undefined;
}

function describe(
  engine: MeshEngine,
  pods: ReadonlyMap<string, KubeObject>,
  { outcome }: Decision,
  request: Probe['request'],
): string {
  switch (outcome.kind) {
    case 'forward':
      return [targetOf(outcome.cluster), ...detailsOf(outcome), ...refusal(engine, pods, outcome, request)].join(', ');
    case 'reply': {
      const held = outcome.delay ? ` ${t('tras {0}', seconds(outcome.delay))}` : '';
      const location = outcome.headers.location ? ` ${t('a {0}', outcome.headers.location)}` : '';
      const at = outcome.cluster ? `${targetOf(outcome.cluster)}: ` : '';
      return `${at}${t('respuesta {0}', outcome.status)}${location}${held}${outcome.flags.length > 0 ? ` (${outcome.flags.join(',')})` : ''}`;
    }
    case 'refused':
      return t('conexión rechazada');
    case 'passthrough':
      return t('sin reglas: adonde iba');
  }
}

/** `outbound|9080|v1|reviews.default.svc.cluster.local` → `reviews v1`. */
function targetOf(cluster: string): string {
  const [, port = '', subset = '', host = ''] = cluster.split('|');
  if (host === '') return cluster;
  const name = host.replace(/\.svc\.cluster\.local$/, '').replace(/\.default$/, '');
  return `${name}:${port}${subset ? ` ${subset}` : ''}`;
}

function detailsOf({ timeout, retry, delay, mirrors, rewrittenPath, rewrittenAuthority }: Forward): string[] {
  return [
    ...(delay ? [t('tras {0}', seconds(delay))] : []),
    ...(timeout ? [t('hasta {0}', seconds(timeout))] : []),
    ...(retry && retry.attempts !== 2 ? [t('{0} reintentos', retry.attempts)] : []),
    ...(mirrors ?? []).map(({ cluster }) => t('copia a {0}', targetOf(cluster))),
    ...(rewrittenPath ? [t('camino {0}', rewrittenPath)] : []),
    ...(rewrittenAuthority ? [`host ${rewrittenAuthority}`] : []),
  ];
}

/** What the proxy of the pod that is reached says of a client with the identity of its own namespace. */
function refusal(
  engine: MeshEngine,
  pods: ReadonlyMap<string, KubeObject>,
  { endpoint, rewrittenPath }: Forward,
  request: Probe['request'],
): string[] {
  const pod = pods.get(`${endpoint.namespace}/${endpoint.pod}`);
  const proxy = pod && proxyOf(pod);
  if (!proxy) return [];
  const connection = {
    port: endpoint.port,
    principal: `spiffe://cluster.local/ns/${endpoint.namespace}/sa/default`,
    sourceAddress: '192.0.2.1',
    destinationAddress: endpoint.address,
  };
  if (engine.accept(proxy, connection).refusal) return [t('conexión cortada')];
  const inside = { ...request, path: rewrittenPath ?? request.path, port: endpoint.port };
  const admission = engine.admit(proxy, connection, inside, { kind: 'none' });
  return admission.kind === 'denied' ? [t('respuesta {0} de su política', admission.reply.status)] : [];
}

function seconds(milliseconds: number): string {
  return `${decimal(milliseconds / 1000)} s`;
}

/** Always the same draws: what differs between two configurations is theirs. */
function createSeeded(): Chance {
  let state = 1;
  return {
    random() {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    },
    next: () => 0,
  };
}
