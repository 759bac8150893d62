import { setTimeout as wait } from 'node:timers/promises';

/** Calls `act` so many times a second without waiting for it to end; resolves when all have ended. */
export async function steady(perSecond: number, seconds: number, act: (i: number) => Promise<void>): Promise<void> {
  const begun = performance.now();
  const under: Promise<void>[] = [];
  for (let sent = 0; performance.now() < begun + seconds * 1000; ) {
    const due = ((performance.now() - begun) * perSecond) / 1000;
    for (; sent < due; sent++) under.push(act(sent));
    await wait(1);
  }
  await Promise.all(under);
}
