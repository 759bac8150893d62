// The controller manager: every loop that turns what is asked for into what there is.

import type { Clock, Registry } from '../contract.ts';
import type { UsageSource } from '../usage.ts';
import { startAutoscalers } from './autoscaler.ts';
import { startCronJobs } from './cron-job.ts';
import { startDaemonSets } from './daemon-set.ts';
import { startDefaultObjects } from './default-objects.ts';
import { startDeployments } from './deployment.ts';
import { startDisruptionBudgets } from './disruption-budget.ts';
import { startEndpoints } from './endpoint-controller.ts';
import { startEventExpiry } from './event-expiry.ts';
import { stopEvents } from './event-recorder.ts';
import { startGarbageCollector } from './garbage-collector.ts';
import { startJobs } from './job.ts';
import { startLoadBalancers } from './load-balancer.ts';
import { startNamespaceDeletion } from './namespace-deletion.ts';
import { startNodeLifecycle } from './node-lifecycle.ts';
import { startPolicyStatus } from './policy-status.ts';
import { startReplicaSets } from './replica-set.ts';
import { startReplicationControllers } from './replication-controller.ts';
import { startResourceQuotas } from './resource-quota.ts';
import { startRoleAggregation } from './role-aggregation.ts';
import { startStatefulSets } from './stateful-set.ts';
import { startEphemeralClaims } from './storage/ephemeral-claims.ts';
import { startLocalPathProvisioner } from './storage/local-path-provisioner.ts';
import { startVolumeBinder } from './storage/volume-binder.ts';
import { startStorageProtection } from './storage-protection.ts';
import { startTaintEviction } from './taint-eviction.ts';

const CONTROLLERS = [
  startDefaultObjects,
  startDeployments,
  startReplicaSets,
  startReplicationControllers,
  startStatefulSets,
  startDaemonSets,
  startJobs,
  startCronJobs,
  startEndpoints,
  startLoadBalancers,
  startDisruptionBudgets,
  startResourceQuotas,
  startStorageProtection,
  startVolumeBinder,
  startLocalPathProvisioner,
  startEphemeralClaims,
  startRoleAggregation,
  startPolicyStatus,
  startNodeLifecycle,
  startTaintEviction,
  startGarbageCollector,
  startNamespaceDeletion,
  startEventExpiry,
];

/** What nobody measures, nobody scales. */
const UNMEASURED: UsageSource = { pods: () => [] };

/** Returns the stop. Started again on the same registry, they go on from what is stored. */
export function startControllers(registry: Registry, clock: Clock, usage = UNMEASURED): () => void {
  const stops = CONTROLLERS.map((start) => start(registry, clock));
  stops.push(startAutoscalers(registry, clock, usage));
  return () => {
    for (const stop of stops) stop();
    stopEvents(registry);
  };
}
