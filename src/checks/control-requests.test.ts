import { expect, test } from 'vitest';
import { startControlRequests } from './control-requests.ts';

/** Time that goes on only as it is told. */
function fake(times: number[]) {
  let now = 0;
  const clock = {
    now: () => now,
    sleep: (ms: number) => {
      now += ms;
      return Promise.resolve();
    },
  };
  const ended = Promise.withResolvers<void>();
  const client = {
    raw: async (path: string) => {
      expect(path).toBe('/version');
      const time = times.shift();
      if (time === undefined) {
        ended.resolve();
        throw new Error('no answer');
      }
      now += time;
      return {};
    },
  };
  return { clock, client, ended: ended.promise };
}

test('gives the median of the answers', async () => {
  const { clock, client, ended } = fake([5, 700, 400, 900, 3]);
  const control = startControlRequests(client, clock, new AbortController().signal);
  await ended;
  expect(await control.stop()).toBe(400);
});

test('an API that does not answer says nothing', async () => {
  const { clock, client, ended } = fake([]);
  const control = startControlRequests(client, clock, new AbortController().signal);
  await ended;
  expect(await control.stop()).toBeUndefined();
});
