// Which service a split is about. The check says only which class each answer is of; here classes meet pods.
import { RE2JS } from 're2js';
import type { SplitPattern } from '../labs/check-kinds/reparto.ts';
import { isReady } from './pods.ts';
import type { Pod, Scene, Service } from './scene.ts';
import { podsBehind } from './subsets.ts';

export interface SplitTarget {
  service: Service;
  port: number;
  /** Pod name → class. Pods of no class are not here. */
  classOf: Map<string, string>;
}

/** The Service whose pods cover most classes; undefined when none covers any. */
export function findSplitTarget(scene: Scene, split: SplitPattern): SplitTarget | undefined {
  const classify = podClassifier(split);
  let best: { service: Service; classOf: Map<string, string>; covered: number } | undefined;
  for (const service of scene.services) {
    const classOf = new Map<string, string>();
    for (const pod of podsBehind(scene, service)) {
      const name = classify(pod);
      if (name !== undefined) classOf.set(pod.metadata.name, name);
    }
    const covered = new Set(classOf.values()).size;
    if (covered > (best?.covered ?? 0)) best = { service, classOf, covered };
  }
  return best && { service: best.service, port: best.service.spec?.ports?.[0]?.port ?? 80, classOf: best.classOf };
}

/** Endpoints per class when no rule intervenes: every ready pod gets the same. */
export function naturalShares(scene: Scene, { service, classOf }: SplitTarget): Record<string, number> {
  const ready = podsBehind(scene, service).filter(isReady);
  const shares: Record<string, number> = {};
  for (const pod of ready) {
    const name = classOf.get(pod.metadata.name) ?? 'otro';
    shares[name] = (shares[name] ?? 0) + 1 / ready.length;
  }
  return shares;
}

/**
 * A pod is of a class when the class's pattern finds its name, or what such an answer usually says of it: the name
 * beside `podname`, `version: v1` for helloworld. Else when its version label is the class's name.
 */
function podClassifier({ classes }: SplitPattern): (pod: Pod) => string | undefined {
  const patterns = Object.entries(classes).map(([name, text]) => ({ name, pattern: RE2JS.compile(text) }));
  return (pod) => {
    const { name, labels } = pod.metadata;
    const version = labels?.version ?? '';
    const answers = [
      name,
      `"podname": "${name}"`,
      `Hello version: ${version}, instance: ${name}`,
      `version: ${version}`,
    ];
    const found = patterns.find(({ pattern }) => answers.some((text) => pattern.matcher(text).find()));
    return found?.name ?? (version in classes ? version : undefined);
  };
}
