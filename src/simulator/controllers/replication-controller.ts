import type { Clock, Registry } from '../contract.ts';
import type { Labels } from './kinds.ts';
import { startReplicas } from './replica-set.ts';

/** Keeps as many pods as each ReplicationController asks for: ReplicaSets, before they had selectors with expressions. */
export function startReplicationControllers(registry: Registry, clock: Clock): () => void {
  return startReplicas(registry, clock, {
    resource: 'replicationcontrollers',
    kind: 'ReplicationController',
    component: 'replication-controller',
    selectorOf(set) {
      const matchLabels = set.spec?.selector as Labels | undefined;
      return matchLabels && Object.keys(matchLabels).length > 0 ? { matchLabels } : undefined;
    },
  });
}
