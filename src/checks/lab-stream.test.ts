import { expect, test } from 'vitest';
import type { Lab } from '../labs/lab.ts';
import type { Answer } from '../traffic/load.ts';
import type { FollowEvent } from './follow-event.ts';
import { createLabStream } from './lab-stream.ts';
import { clusterOf } from './objects-client.fixture.ts';

const lab = (rate: number): Lab => ({
  id: 'l',
  title: 'L',
  minutes: 1,
  clusters: ['embebido'],
  requires: [],
  objectives: [],
  traffic: rate > 0 ? [{ path: '/productpage', headers: {}, rate }] : [],
  chapter: false,
  questions: [],
  introduction: '',
  steps: [],
  cleanup: [],
  folder: '/',
});

const answer = (status: number): Answer => ({ status, headers: {}, body: '', milliseconds: 1 });

/** What is told while each request is answered so. */
function streamOf(given: Answer, url: string | undefined = 'http://127.0.0.1:31380') {
  const events: FollowEvent[] = [];
  const stream = createLabStream(lab(10), clusterOf([], url), {
    signal: new AbortController().signal,
    onChange: (event) => events.push(event),
    send: async () => given,
  });
  stream.start();
  return { events, stream };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the stream tells that it flows, and that it stops', async () => {
  const { events, stream } = streamOf(answer(200));
  await settle();
  stream.stop();
  expect(stream.counts).toEqual({ '200': 1 });
  expect(events).toEqual([
    { event: 'traffic', rate: 10 },
    { event: 'traffic', rate: 0 },
  ]);
});

test('an entry that nobody has opened is told, with words', async () => {
  const { events, stream } = streamOf({ ...answer(0), failure: 'refused' });
  await settle();
  stream.stop();
  expect(events[1]).toEqual({ event: 'traffic', rate: 10, trouble: 'la entrada rechaza la conexión' });
});

test('errors of the application are something to see', async () => {
  const { events, stream } = streamOf(answer(500));
  await settle();
  expect(events).toEqual([{ event: 'traffic', rate: 10 }]);
  stream.stop();
});

test('a path that no rule takes shows nothing, and that is told', async () => {
  const { events, stream } = streamOf(answer(404));
  await settle();
  expect(events[1]).toMatchObject({ trouble: expect.stringContaining('404') });
  stream.stop();
});

test('without an entry address nothing flows, and that is told', () => {
  const events: FollowEvent[] = [];
  createLabStream(lab(10), clusterOf([]), {
    signal: new AbortController().signal,
    onChange: (event) => events.push(event),
  }).start();
  expect(events).toEqual([{ event: 'traffic', rate: 0, trouble: 'no se conoce la dirección de entrada' }]);
});

test('a lab without traffic says nothing of it', () => {
  const events: FollowEvent[] = [];
  const stream = createLabStream(lab(0), clusterOf([], 'http://127.0.0.1:1'), {
    signal: new AbortController().signal,
    onChange: (event) => events.push(event),
  });
  stream.start();
  stream.stop();
  expect(events).toEqual([]);
});
