// What is wrong with a query as it is written: its names, and its shape.
import { diagnose } from '../../diagnose.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import type { MetricSighting, SelectorFacts } from '../../telemetry-sighting.ts';
import { closest, distance } from '../../typo.ts';

/** A metric, a label or a value that Prometheus does not have and that looks like one that it has. */
export function wrongNames(selectors: readonly SelectorFacts[]): Diagnosis | undefined {
  for (const selector of selectors) {
    const found = wrongMetric(selector) ?? wrongLabel(selector) ?? wrongLabelValue(selector);
    if (found) return found;
  }
  return undefined;
}

/** The names are right and the number is not what it seems. */
export function wrongShape(
  { selectors }: MetricSighting,
  { values, reference }: { values: number[]; reference?: number },
): Diagnosis | undefined {
  const bare = selectors.find((s) => !s.ranged && counter.test(s.metric));
  if (bare) return diagnose('MALLA-OBS-24', `${bare.metric} es un contador, y la consulta lo usa sin rate ni ventana`);
  if (values.length > 1) return diagnose('MALLA-OBS-25', `La consulta da ${values.length} series`);
  const [value = 0] = values;
  const twice = reference !== undefined && reference > 0 && Math.abs(value / reference - 2) < 0.5;
  const blind = selectors.find((s) => s.metric.startsWith('istio_') && !s.matchers.some((m) => m.name === 'reporter'));
  if (twice && blind)
    return diagnose('MALLA-OBS-23', `${blind.metric} se pide sin reporter: da el doble, una vez por cada proxy`);
  return undefined;
}

const counter = /_(?:total|bucket|count|sum)$/;

function wrongMetric({ metric, known, metrics }: SelectorFacts): Diagnosis | undefined {
  if (known || metric === '') return undefined;
  // A metric of the mesh that nobody has counted yet is not a slip; nor one whose first figures came while it was asked about.
  if (standard.has(metric) || metrics.includes(metric)) return undefined;
  const meant = closest(metric, metrics, (m) => m) ?? nearest(metric, metrics);
  if (!meant && metrics.length === 0) return undefined;
  const offer = meant ? `: ¿querías decir «${meant}»?` : '';
  return diagnose('MALLA-OBS-15', `Prometheus no tiene ninguna métrica llamada «${metric}»${offer}`);
}

/** Those that every proxy counts from its first request on (istio-hechos §8). */
const standard = new Set([
  'istio_requests_total',
  ...['request_duration_milliseconds', 'request_bytes', 'response_bytes'].flatMap((name) =>
    ['bucket', 'count', 'sum'].map((part) => `istio_${name}_${part}`),
  ),
  ...['sent_bytes', 'received_bytes', 'connections_opened', 'connections_closed'].map((n) => `istio_tcp_${n}_total`),
]);

/** Names of metrics are long, and people forget whole words of them. */
function nearest(metric: string, metrics: readonly string[]): string | undefined {
  const words = metric.split('_').filter((w) => w.length > 2);
  const sharing = metrics.filter((m) => words.filter((w) => m.includes(w)).length >= Math.max(2, words.length - 1));
  return sharing.toSorted((a, b) => distance(metric, a) - distance(metric, b))[0];
}

function wrongLabel({ metric, known, labels, matchers }: SelectorFacts): Diagnosis | undefined {
  if (!known) return undefined;
  const wrong = matchers.find((m) => !labels.includes(m.name));
  if (!wrong) return undefined;
  const meant = closest(wrong.name, labels, (l) => l) ?? nearest(wrong.name, labels);
  const offer = meant ? `: ¿querías decir «${meant}»?` : '';
  return diagnose('MALLA-OBS-16', `${metric} no tiene la etiqueta «${wrong.name}»${offer}`);
}

function wrongLabelValue({ matchers }: SelectorFacts): Diagnosis | undefined {
  const wrong = matchers.find((m) => m.operator === '=' && m.values.length > 0 && !m.values.includes(m.value));
  const meant = wrong && closest(wrong.value, wrong.values, (v) => v);
  if (!wrong || !meant) return undefined;
  return diagnose('MALLA-OBS-17', `Ninguna serie tiene ${wrong.name}="${wrong.value}": ¿querías decir «${meant}»?`);
}
