// What the engine decides for the requests that the checks of a step send, and for those that they cause further in. Two
// configurations with the same decisions cannot be told apart by anything that the step looks at.
import { forecastOf, requestOf, trafficCheck } from '../../../../src/checks/forecast-check.ts';
import type { Cluster } from '../../../../src/cluster/contract.ts';
import { decideAtEntry, decideFrom, fairChance } from '../../../../src/diagnosis/prediction.ts';
import type { Scene } from '../../../../src/diagnosis/scene.ts';
import type { Step } from '../../../../src/labs/lab.ts';

const draws = 100;

/** Undefined when some check looks at more than the engine decides: then nothing is proven. */
export function decisionsOf(step: Step, scene: Scene, cluster: Cluster): string | undefined {
  const checks = step.checks.filter((c) => c.type !== 'respuesta' && c.type !== 'objeto');
  if (!checks.every((c) => c.type === 'http' || c.type === 'reparto')) return undefined;
  const outcomes = checks.map((check) => {
    const request = requestOf(trafficCheck(check), cluster, scene);
    const chance = fairChance();
    return {
      says: forecastOf(check, scene, cluster).says,
      entry: Array.from({ length: draws }, () => decideAtEntry(scene, request, chance)?.outcome),
      within: withinMesh(scene, request.headers),
    };
  });
  return JSON.stringify(outcomes);
}

/** From one pod of each Deployment to every port of every Service of its namespace. */
function withinMesh(scene: Scene, headers: Record<string, string>): unknown[] {
  const callers = new Map(scene.pods.map((p) => [`${p.metadata.namespace} ${JSON.stringify(p.metadata.labels)}`, p]));
  return [...callers.values()].flatMap((caller) =>
    scene.services
      .filter((s) => s.metadata.namespace === caller.metadata.namespace)
      .flatMap((service) =>
        (service.spec?.ports ?? []).map(({ port = 80 }) => {
          const chance = fairChance();
          const to = { namespace: service.metadata.namespace ?? 'default', name: service.metadata.name, port };
          return Array.from({ length: 20 }, () => decideFrom(scene, caller, to, { chance, headers }).outcome);
        }),
      ),
  );
}
