// From the answer to a write until the followed step turns green, beside the bare round trip of that write.
import type { FollowEvent } from '../../src/checks/follow.ts';
import type { Lab } from '../../src/labs/lab.ts';
import { sandbox } from './malla.ts';
import { type Measure, quantile, round } from './measure.ts';

const runs = 40;

export async function measureFollowing(root: string): Promise<Measure[]> {
  const box = sandbox(root);
  const stop = new AbortController();
  try {
    const { kubeconfig, entry } = box.malla('cluster', 'iniciar') as { kubeconfig: string; entry: string };
    const { openCluster } = await import('../../src/cluster/cluster.ts');
    const { followLab } = await import('../../src/checks/follow.ts');
    const cluster = openCluster({ kind: 'embebido', kubeconfig, entry });
    const write = (value: string) =>
      cluster.client.apply(
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'bench', namespace: 'default' }, data: { value } },
        'malla-bench',
      );
    let onStep = (_state: string): void => {};
    await followLab(lab, cluster, {
      signal: stop.signal,
      passed: [],
      onChange(event: FollowEvent) {
        if (event.event === 'check' && event.verdict) onStep(event.verdict.state);
      },
    });
    const until = (state: string): Promise<void> =>
      new Promise((resolve) => {
        onStep = (seen) => {
          if (seen === state) resolve();
        };
      });

    const greens: number[] = [];
    const writes: number[] = [];
    for (let i = 0; i < runs; i++) {
      const red = until('incorrecto');
      await write(`no-${i}`);
      await red;
      const green = until('correcto');
      const begun = performance.now();
      await write('si');
      const answered = performance.now();
      await green;
      writes.push(answered - begun);
      greens.push(Math.max(0, performance.now() - answered));
    }
    const p95 = round(quantile(greens, 0.95), 0);
    return [
      {
        name: `del suceso a un paso en verde (${runs} veces), p95`,
        value: p95,
        unit: 'ms',
        reference: { name: 'la escritura misma, p95', value: round(quantile(writes, 0.95), 0), unit: 'ms' },
        goal: { words: '≤ 500 ms', reached: p95 <= 500 },
        detail: { p50: round(quantile(greens, 0.5), 0) },
      },
    ];
  } finally {
    stop.abort();
    box.remove();
  }
}

const lab: Lab = {
  id: 'bench',
  title: 'bench',
  minutes: 1,
  clusters: ['embebido'],
  requires: [],
  objectives: [],
  chapter: false,
  questions: [],
  introduction: '',
  traffic: [],
  cleanup: [],
  folder: '',
  steps: [
    {
      id: 'paso',
      title: 'paso',
      markdown: '',
      hints: [],
      questions: [],
      solution: [],
      mistakes: [],
      line: 1,
      checks: [
        {
          id: 'valor',
          title: 'valor',
          line: 1,
          type: 'objeto',
          pattern: {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            namespace: 'default',
            name: 'bench',
            exists: true,
            matches: { data: { value: 'si' } },
          },
        },
      ],
    },
  ],
};
