// Answers and milliseconds that a split needs until its verdict, on the embedded mesh, beside the exact SPRT: Wald's test of
// the expected share against the nearer edge of its band, with the same error on both sides, over the same truth.
import { measureSplit } from '../../src/traffic/measure-split.ts';
import { bandOf } from '../../src/traffic/split-test.ts';
import { sandbox } from './malla.ts';
import { type Measure, quantile, round } from './measure.ts';

const errorProbability = 1e-3;
const runs = 60;
const classes = { v1: 'reviews-v1-', v2: 'reviews-v2-', v3: 'reviews-v3-' };
const truths: Record<string, Record<string, number>> = {
  '90/10': { v1: 90, v2: 10 },
  '50/50': { v1: 50, v3: 50 },
  '100/0': { v3: 100 },
};

export async function measureVerdicts(root: string): Promise<Measure[]> {
  const box = sandbox(root);
  try {
    box.malla('resolver', 'blue-green', '--previos');
    const { entry, env } = box.malla('cluster', 'estado') as { entry: string; env: { KUBECONFIG: string } };
    const { connect } = await import('../../src/cluster/client.ts');
    const client = connect(env.KUBECONFIG);
    const measures: Measure[] = [];
    for (const [name, expected] of Object.entries(truths)) {
      await client.apply(virtualService(expected), 'malla-bench');
      await new Promise((resolve) => setTimeout(resolve, 500));
      const taken: number[] = [];
      const times: number[] = [];
      for (let i = 0; i < runs; i++) {
        const measured = await measureSplit({
          url: `${entry}/api/v1/products/0/reviews`,
          headers: {},
          classes,
          expected,
          errorProbability,
        });
        if (measured.decision !== 'correcto')
          throw new Error(`${name} judged ${measured.decision}: ${JSON.stringify(measured.counts)}`);
        taken.push(measured.requests);
        times.push(measured.milliseconds);
      }
      const mean = taken.reduce((sum, n) => sum + n, 0) / runs;
      const exact = exactSprt(expected);
      measures.push({
        name: `peticiones hasta el veredicto de un ${name}, media de ${runs}`,
        value: round(mean, 0),
        unit: 'peticiones',
        reference: { name: 'SPRT exacto', value: round(exact, 0), unit: 'peticiones' },
        goal: { words: '≤ 1,5 veces el SPRT exacto', reached: mean <= 1.5 * exact },
        detail: { ratio: round(mean / exact) },
      });
      const median = quantile(times, 0.5);
      measures.push({
        name: `tiempo hasta el veredicto de un ${name}, p95 de ${runs}`,
        value: round(quantile(times, 0.95), 0),
        unit: 'ms',
        reference: { name: 'mediana', value: round(median, 0), unit: 'ms' },
      });
    }
    return measures;
  } finally {
    box.remove();
  }
}

function virtualService(weights: Record<string, number>) {
  const route = Object.entries(weights).map(([subset, weight]) => ({
    destination: { host: 'reviews', subset },
    weight,
  }));
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'reviews', namespace: 'default' },
    spec: { hosts: ['reviews'], http: [{ route }] },
  };
}

/** Mean answers of Wald's test by 4,000 draws with a fixed seed: of the class and edge that take longest. */
function exactSprt(expected: Record<string, number>): number {
  const total = Object.values(expected).reduce((sum, w) => sum + w, 0);
  const limit = Math.log((1 - errorProbability) / errorProbability);
  const random = seeded(7);
  const means: number[] = [];
  for (const weight of Object.values(expected)) {
    const share = weight / total;
    const { low, high } = bandOf(share);
    for (const edge of [low, high]) {
      if (edge === undefined) continue;
      let answers = 0;
      for (let run = 0; run < 4000; run++) {
        for (let log = 0; Math.abs(log) < limit; answers++) {
          log += random() < share ? Math.log(edge / share) : Math.log((1 - edge) / (1 - share));
        }
      }
      means.push(answers / 4000);
    }
  }
  return Math.max(...means);
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}
