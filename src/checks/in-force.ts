// Is what is stored already what the proxies obey?
import { ClusterError } from '../cluster/cluster-error.ts';
import { proxiesInSync } from '../cluster/proxies-in-sync.ts';
import type { Scene } from '../diagnosis/scene.ts';
import type { JudgeContext } from './judgement.ts';

const pause = { simulated: 80, real: 250 };

/**
 * Waits until every proxy has acknowledged what istiod sent it, at most the cluster's patience. Resolves to the proxies,
 * `pod.namespace`, that have not; empty too when nobody can tell (no istiod, or no right to ask it).
 */
export async function waitUntilInForce(context: JudgeContext): Promise<string[]> {
  const { cluster, clock, facts, signal } = context;
  if (!facts.istio) return [];
  const begun = clock.now();
  const since = newestChange(await context.scene());
  for (;;) {
    const state = await ask();
    if (!state || state.inSync) return [];
    if (clock.now() - begun >= facts.patience) return state.waiting;
    await clock.sleep(facts.simulated ? pause.simulated : pause.real, signal);
  }

  async function ask() {
    try {
      const now = await cluster.client.serverTime();
      return await proxiesInSync(cluster.client, {
        signal,
        ...(now === undefined ? {} : { now }),
        ...(since === undefined ? {} : { since }),
      });
    } catch (error) {
      if (error instanceof ClusterError && error.reason !== 'unreachable') return undefined;
      throw error;
    }
  }
}

/** When somebody last wrote an object of the mesh, by the API server's clock, to the second. Deletions leave no trace. */
export function newestChange(scene: Scene): number | undefined {
  const { gateways, virtualServices, destinationRules, policies, telemetries } = scene;
  const times = [gateways, virtualServices, destinationRules, policies, telemetries]
    .flat()
    .flatMap(({ metadata }) => [
      metadata.creationTimestamp,
      ...((metadata.managedFields ?? []) as { time?: string }[]).map((f) => f.time),
    ])
    .map((time) => Date.parse(time ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.max(...times);
}
