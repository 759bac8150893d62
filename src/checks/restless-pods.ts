// Pods that came, went or restarted while something was being judged: what traffic did meanwhile says nothing of the rules.
import type { Scene } from '../diagnosis/scene.ts';
import { fields, items, text } from '../mesh/read.ts';

/** The first that changed at `since` or later, by the API server's clock in milliseconds: `namespace/name`. */
export function restlessPod(scene: Scene, since: number): string | undefined {
  const found = scene.objects.find(
    ({ kind, metadata, status }) =>
      kind === 'Pod' &&
      metadata.namespace !== 'kube-system' &&
      [
        metadata.creationTimestamp,
        metadata.deletionTimestamp,
        ...items(fields(status).conditions)
          .map(fields)
          .filter((c) => c.type === 'Ready')
          .map((c) => text(c.lastTransitionTime)),
        ...items(fields(status).containerStatuses).map((c) => text(fields(fields(fields(c).state).running).startedAt)),
      ].some((time) => Date.parse(time ?? '') >= since),
  );
  return found && `${found.metadata.namespace ?? 'default'}/${found.metadata.name}`;
}
