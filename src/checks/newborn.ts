// A container that ends as soon as it starts is Ready until its kubelet has noticed: about a second, at each restart.
import { parseSelector } from '../cluster/label-selector.ts';
import type { Scene } from '../diagnosis/scene.ts';
import type { PodsPattern } from '../labs/check-kinds/pods.ts';
import { fields, items, text } from '../mesh/read.ts';

/** Milliseconds that a container without a readiness probe must have run before its pod is believed to be ready. */
const breath = 3_000;

/** `now`: by the API server's clock, in milliseconds; it tells seconds only, and so do containers. */
export function isNewborn({ namespace, selector }: PodsPattern, scene: Scene, now: number): boolean {
  const matches = parseSelector(selector);
  return scene.pods
    .filter(({ metadata }) => metadata.namespace === namespace && matches(metadata.labels))
    .some(({ spec, status }) => {
      const probed = new Set(
        items(fields(spec).containers)
          .map(fields)
          .filter((c) => c.readinessProbe !== undefined)
          .map((c) => c.name),
      );
      const statuses = items(fields(status).containerStatuses).map(fields);
      return statuses.some(({ name, state }) => {
        const startedAt = Date.parse(text(fields(fields(state).running).startedAt) ?? '');
        return !probed.has(name) && now - startedAt < breath;
      });
    });
}
