// How far the rollout of a workload has come, in kubectl's sentences.
import type { KubeObject } from '../../mesh/objects.ts';
import { ToolError } from '../tool.ts';

export interface RolloutState {
  message: string;
  done: boolean;
  failure?: string;
}

interface Workload {
  replicas?: number;
  updateStrategy?: { type?: string };
}

interface WorkloadStatus {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  availableReplicas?: number;
  readyReplicas?: number;
  currentRevision?: string;
  updateRevision?: string;
  desiredNumberScheduled?: number;
  updatedNumberScheduled?: number;
  numberAvailable?: number;
  conditions?: { type: string; reason?: string }[];
}

export function rolloutState(object: KubeObject): RolloutState {
  const spec = (object.spec ?? {}) as Workload;
  const status = (object.status ?? {}) as WorkloadStatus;
  const { name, generation = 0 } = object.metadata;
  const describe = describers[object.kind];
  if (!describe) throw new ToolError(`error: no status viewer has been implemented for ${object.kind}`);
  if ((status.observedGeneration ?? 0) < generation) return waiting(waitingForSpec[object.kind] ?? '');
  return describe(name, spec, status);
}

const waitingForSpec: Record<string, string> = {
  Deployment: 'Waiting for deployment spec update to be observed...\n',
  DaemonSet: 'Waiting for daemon set spec update to be observed...\n',
  StatefulSet: 'Waiting for statefulset spec update to be observed...\n',
};

const waiting = (message: string): RolloutState => ({ message, done: false });
const finished = (message: string): RolloutState => ({ message, done: true });

const describers: Record<string, (name: string, spec: Workload, status: WorkloadStatus) => RolloutState> = {
  Deployment(
    name,
    { replicas = 1 },
    { replicas: total = 0, updatedReplicas = 0, availableReplicas = 0, conditions = [] },
  ) {
    const progressing = conditions.find((c) => c.type === 'Progressing');
    if (progressing?.reason === 'ProgressDeadlineExceeded')
      return { ...waiting(''), failure: `error: deployment "${name}" exceeded its progress deadline` };
    const wait = (what: string) => waiting(`Waiting for deployment "${name}" rollout to finish: ${what}...\n`);
    if (updatedReplicas < replicas) return wait(`${updatedReplicas} out of ${replicas} new replicas have been updated`);
    if (total > updatedReplicas) return wait(`${total - updatedReplicas} old replicas are pending termination`);
    if (availableReplicas < updatedReplicas)
      return wait(`${availableReplicas} of ${updatedReplicas} updated replicas are available`);
    return finished(`deployment "${name}" successfully rolled out\n`);
  },
  DaemonSet(name, _, { desiredNumberScheduled = 0, updatedNumberScheduled = 0, numberAvailable = 0 }) {
    const wait = (what: string) => waiting(`Waiting for daemon set "${name}" rollout to finish: ${what}...\n`);
    if (updatedNumberScheduled < desiredNumberScheduled)
      return wait(`${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated`);
    if (numberAvailable < desiredNumberScheduled)
      return wait(`${numberAvailable} of ${desiredNumberScheduled} updated pods are available`);
    return finished(`daemon set "${name}" successfully rolled out\n`);
  },
  StatefulSet(_, { replicas = 1 }, { readyReplicas = 0, updatedReplicas = 0, updateRevision, currentRevision }) {
    if (readyReplicas < replicas) return waiting(`Waiting for ${replicas - readyReplicas} pods to be ready...\n`);
    if (updateRevision !== currentRevision && updatedReplicas < replicas)
      return waiting(
        `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...\n`,
      );
    return finished(`statefulset rolling update complete ${updatedReplicas} pods at revision ${currentRevision}...\n`);
  },
};
