import { expect, test } from 'vitest';
import { bookinfo } from '../diagnosis/bookinfo.fixture.ts';
import type { CheckDeclaration, Lab } from '../labs/lab.ts';
import type { Clock } from './clock.ts';
import { followLab } from './follow.ts';
import type { FollowEvent } from './follow-event.ts';
import { clusterOf } from './objects-client.fixture.ts';

const check: CheckDeclaration = {
  id: 'tetera',
  title: 'T',
  line: 1,
  type: 'registro',
  pattern: {
    source: { namespace: 'default', selector: 'app=details', container: 'istio-proxy' },
    line: 'GET /details',
    atLeast: 1,
  },
};
const lab = {
  id: 'l',
  traffic: [],
  steps: [{ id: 's', title: 'S', checks: [check], hints: [], solution: [], mistakes: [], questions: [], line: 1 }],
} as unknown as Lab;

test('a line that comes into a log turns the step green, and until then nothing is said', async () => {
  const cluster = clusterOf(bookinfo().objects);
  let log = '';
  cluster.client.raw = async (path) => (path.includes('/log?') ? log : {});
  const stop = new AbortController();
  const events: FollowEvent[] = [];
  let looks = 0;
  const clock: Clock = {
    now: () => 0,
    async sleep(_milliseconds, signal) {
      signal.throwIfAborted();
      await new Promise((resolve) => setImmediate(resolve));
      if (++looks === 3) log = '[2026-11-21T04:46:59.775Z] "GET /details/0 HTTP/1.1" 200 - via_upstream\n';
    },
  };
  await followLab(lab, cluster, { onChange: (event) => events.push(event), signal: stop.signal, clock });
  await expect.poll(() => events.some((e) => e.event === 'step' && e.state === 'correcto')).toBe(true);
  stop.abort();
  expect(events.filter((e) => e.event === 'check' && e.verdict?.state === 'incorrecto')).toEqual([]);
});
