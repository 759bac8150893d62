// Seeded histories of the API over its store: what etcd promises to watchers holds, writes are linearizable, and a store
// with any of the planted bugs is found out. `node scripts/histories.ts` plays as many as one likes.
import { expect, test } from 'vitest';
import { judge } from '../histories/judge.ts';
import { plantedBugs } from '../histories/planted-bugs.ts';
import { createRandom, play } from '../histories/play.ts';

test('eight clients, cut connections, compaction and four crashes: nothing is lost, doubled or out of order', async () => {
  // In the third, somebody reads what stays while what is lost is being written.
  for (const seed of [1, 2, 1014]) {
    const history = await play({ seed, operations: 2_000, crashes: 4 });
    expect(judge(history), `seed ${seed}`).toEqual([]);
    // What keeps the checks from holding for want of anything to check.
    const told = history.watches.reduce((sum, { events }) => sum + events.length, 0);
    expect(told).toBeGreaterThan(300);
    expect(history.watches.filter(({ resumes }) => resumes).length).toBeGreaterThan(5);
    expect(history.operations.filter(({ status }) => status === 409).length).toBeGreaterThan(20);
  }
});

test.each(Object.entries(plantedBugs))('found out: %s', async (_name, { found, bug, crashes = 2 }) => {
  const faults: string[] = [];
  const named = () => faults.some((fault) => fault.includes(found));
  for (let seed = 1; seed <= 8 && !named(); seed++)
    faults.push(...judge(await play({ seed, operations: 400, crashes, bug: bug(createRandom(seed)) })));
  expect(named(), faults.slice(0, 5).join('\n')).toBe(true);
});
