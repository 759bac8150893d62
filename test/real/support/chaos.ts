// Pods that are killed while somebody's work is judged: those of the application, istiod and the ingress gateway.
import { setTimeout as wait } from 'node:timers/promises';
import type { KubeClient } from '../../../src/cluster/contract.ts';
import type { KubeObject } from '../../../src/mesh/objects.ts';
import { fields } from '../../../src/mesh/read.ts';

export interface Chaos {
  /** Names of the pods killed so far. */
  readonly killed: readonly string[];
  stop(): Promise<void>;
}

/** One pod every half second to three, until stopped. `random` gives numbers from 0 to 1. */
export function killPods(client: KubeClient, random: () => number): Chaos {
  const killed: string[] = [];
  const stopped = new AbortController();
  const { signal } = stopped;
  const work = (async () => {
    while (!signal.aborted) {
      await wait(500 + 2_500 * random(), undefined, { signal });
      const victims = (await client.list({ apiVersion: 'v1', kind: 'Pod' })).filter(mayDie);
      const victim = victims[Math.floor(random() * victims.length)];
      if (!victim) continue;
      const { name, namespace = 'default' } = victim.metadata;
      await client.remove({ apiVersion: 'v1', kind: 'Pod', namespace, name });
      killed.push(`${namespace}/${name}`);
    }
  })().catch((error: unknown) => {
    // A cluster without an API for a moment is chaos too.
    if (!signal.aborted) killed.push(`(${String(error)})`);
  });
  return {
    killed,
    async stop() {
      stopped.abort();
      await work;
    },
  };
}

function mayDie({ metadata: { namespace, labels, deletionTimestamp }, status }: KubeObject): boolean {
  if (deletionTimestamp !== undefined || fields(status).phase !== 'Running') return false;
  if (namespace === 'default') return true;
  return namespace === 'istio-system' && (labels?.app === 'istiod' || labels?.istio === 'ingressgateway');
}

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
