import { ClusterError } from '../../cluster/cluster-error.ts';
import { CodedError } from '../../cluster/coded-error.ts';
import type { KubeClient } from '../../cluster/contract.ts';
import { findMetrics, type Metrics } from '../../cluster/prometheus.ts';
import type { MetricSighting } from '../../diagnosis/telemetry-sighting.ts';
import type { Patterns } from '../../labs/lab.ts';
import type { CheckKind } from '../check-kind.ts';
import { factsOfQuery } from '../query-facts.ts';

type Pattern = Patterns['metrica'];
type Outcome = MetricSighting['outcome'];

export const metrica: CheckKind<'metrica'> = {
  looksAt: 'probe',
  expects: ({ pattern }) => expectation(pattern),
  async observe({ pattern }, { cluster }) {
    const { client } = cluster;
    const written = await readQuery(pattern, client);
    const metrics = await findMetrics(client);
    const outcome = await askFor(pattern, written, metrics);
    const observation = { expected: expectation(pattern), observed: summary(outcome), evidence: {} };
    if (isRight(pattern, outcome)) return observation;
    const query = written.query ?? '';
    const answers = metrics && (outcome.kind === 'values' || outcome.kind === 'refused');
    const sighting: MetricSighting = {
      outcome,
      query,
      selectors: answers ? await factsOfQuery(metrics, query) : [],
      targets: answers ? await metrics.targets() : [],
      ...(cluster.access.entry === undefined ? {} : { entry: new URL(cluster.access.entry) }),
    };
    return { ...observation, symptom: { type: 'metrica', pattern, sighting } };
  },
  changesUnseen: () => true,
  watches: ({ pattern: { query } }) => [
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system' },
    { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry' },
    ...(typeof query === 'string' ? [] : [{ apiVersion: 'v1', kind: 'ConfigMap', namespace: query.namespace }]),
  ],
};

interface Written {
  /** Undefined when the student has not written it, or not there. */
  query?: string;
  configMap: boolean;
  keys: string[];
}

async function readQuery({ query }: Pattern, client: KubeClient): Promise<Written> {
  if (typeof query === 'string') return { query, configMap: true, keys: [] };
  const { namespace, configMap: name, key } = query;
  const found = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name });
  const data = (found?.data ?? {}) as Record<string, unknown>;
  const text = Object.hasOwn(data, key) ? data[key] : undefined;
  const own = typeof text === 'string' ? text.trim().slice(0, longestQuery) : '';
  return { ...(own ? { query: own } : {}), configMap: found !== undefined, keys: Object.keys(data) };
}

const longestQuery = 2_000;

async function askFor(pattern: Pattern, written: Written, metrics: Metrics | undefined): Promise<Outcome> {
  const { query, configMap, keys } = written;
  if (query === undefined) return { kind: 'no query', configMap, keys };
  if (!metrics) return { kind: 'absent' };
  try {
    if (pattern.is !== 'como' || pattern.reference === undefined)
      return { kind: 'values', values: valuesOf(await metrics.query(query)) };
    // Both at the same moment, so that the same query gives the same number.
    const now = Math.floor(Date.now() / 1000);
    const [reference, answer] = await Promise.all([metrics.query(pattern.reference, now), metrics.query(query, now)]);
    const [good] = valuesOf(reference);
    return { kind: 'values', values: valuesOf(answer), ...(good === undefined ? {} : { reference: good }) };
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'invalid' && error.status !== 404)
      return { kind: 'refused', detail: error.detail };
    if (error instanceof ClusterError && (error.reason === 'server' || error.status === 404))
      return { kind: 'silent', detail: error.detail };
    // It answers, and not as Prometheus does: perhaps it is still starting.
    if (error instanceof CodedError && !(error instanceof ClusterError))
      return { kind: 'silent', detail: error.happened };
    throw error;
  }
}

function valuesOf(samples: readonly { value: number }[]): number[] {
  return samples.map((s) => s.value);
}

function isRight({ is, value = 0 }: Pattern, outcome: Outcome): boolean {
  if (outcome.kind !== 'values' || outcome.values.length === 0) return false;
  const { values, reference } = outcome;
  switch (is) {
    case 'existe':
      return true;
    case 'mayor':
      return values.every((v) => v > value);
    case 'menor':
      return values.every((v) => v < value);
    case 'igual':
      return values.every((v) => isClose(v, value, 1e-9));
    case 'como':
      return values.length === 1 && reference !== undefined && values.every((v) => isClose(v, reference, alike));
  }
}

/** Two ways of asking the same may look at windows that begin a scrape apart. */
const alike = 0.02;

function isClose(a: number, b: number, share: number): boolean {
  return Math.abs(a - b) <= Math.max(share * Math.abs(b), 1e-9);
}

function expectation({ query, is, value, reference }: Pattern): string {
  const what =
    typeof query === 'string' ? query : `la consulta «${query.key}» de ${query.namespace}/${query.configMap}`;
  switch (is) {
    case 'existe':
      return `${what} da algún valor`;
    case 'como':
      return `${what} da lo mismo que ${reference}`;
    case 'igual':
      return `${what} da ${printNumber(value ?? 0)}`;
    default:
      return `${what} da un valor ${is} que ${printNumber(value ?? 0)}`;
  }
}

function summary(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'no query':
      return outcome.configMap ? 'el ConfigMap no tiene esa clave' : 'no existe el ConfigMap';
    case 'absent':
      return 'no hay Prometheus en istio-system';
    case 'silent':
      return `Prometheus no contesta (${outcome.detail.slice(0, 120)})`;
    case 'refused':
      return `Prometheus rechaza la consulta: ${outcome.detail.slice(0, 200)}`;
    case 'values': {
      const { values, reference } = outcome;
      const shown = values.slice(0, 4).map(printNumber).join('; ');
      const seen = values.length === 0 ? 'ningún valor' : `da ${shown}${values.length > 4 ? '…' : ''}`;
      return reference === undefined ? seen : `${seen}, y lo correcto ahora es ${printNumber(reference)}`;
    }
  }
}

function printNumber(value: number): string {
  return new Intl.NumberFormat('es-ES', { maximumSignificantDigits: 4 }).format(value);
}
