// What Prometheus has of each name in a query: looked up when the answer is not the expected one, to say why.
import type { Metrics } from '../cluster/prometheus.ts';
import type { SelectorFacts } from '../diagnosis/telemetry-sighting.ts';
import { selectorsOf, type WrittenSelector } from '../promql/selectors-of.ts';

/** A query has few selectors, and a student's may be anything. */
const mostSelectors = 8;
const mostMatchers = 12;

/** Empty for a query that cannot be read: Prometheus has said what is wrong with it. Rejects with ClusterError. */
export async function factsOfQuery(metrics: Metrics, query: string): Promise<SelectorFacts[]> {
  const written = readable(query).slice(0, mostSelectors);
  return Promise.all(written.map((selector) => factsOf(metrics, selector)));
}

async function factsOf(metrics: Metrics, { metric, ranged, matchers }: WrittenSelector): Promise<SelectorFacts> {
  const labels = metric ? await metrics.labelNames(metric) : [];
  const known = labels.length > 0;
  const all = known || !metric ? [] : await metrics.labelValues('__name__');
  const asked = matchers.slice(0, mostMatchers).map(async ({ name, operator, value }) => ({
    name,
    operator,
    value,
    values: known && labels.includes(name) ? await metrics.labelValues(name, metric) : [],
  }));
  return { metric, ranged, known, metrics: all, labels, matchers: await Promise.all(asked) };
}

function readable(query: string): WrittenSelector[] {
  try {
    return selectorsOf(query);
  } catch {
    return [];
  }
}
