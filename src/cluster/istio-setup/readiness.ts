// Waiting for Deployments, and why one is not ready: a pod's own words are the ones that help.
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../mesh/objects.ts';
import { CodedError } from '../coded-error.ts';
import type { KubeClient } from '../contract.ts';

export interface Waiting {
  client: KubeClient;
  /** Milliseconds for all of them. */
  deadline: number;
  signal: AbortSignal;
  /** Name of each as it gets ready. */
  onReady?(name: string): void;
}

export interface DeploymentName {
  namespace: string;
  name: string;
}

/** Rejects with MALLA-IST-22, which names what its pods lack, at the deadline. */
export async function untilReady(deployments: readonly DeploymentName[], waiting: Waiting): Promise<void> {
  const { client, deadline, signal, onReady } = waiting;
  const end = performance.now() + deadline;
  let left = [...deployments];
  for (;;) {
    const still: DeploymentName[] = [];
    for (const each of left) {
      const live = await client.get({ apiVersion: 'apps/v1', kind: 'Deployment', ...each });
      if (live && isAvailable(live)) onReady?.(`${each.namespace}/${each.name}`);
      else still.push(each);
    }
    const [first] = still;
    if (!first) return;
    if (performance.now() > end) throw await notReady(client, first, deadline);
    left = still;
    await sleep(500, undefined, { signal });
  }
}

/** The controller has seen this form of it, and every replica of this form is available. */
function isAvailable({ metadata, spec, status }: KubeObject): boolean {
  const { replicas = 1 } = (spec ?? {}) as { replicas?: number };
  const { observedGeneration = 0, availableReplicas = 0, updatedReplicas = 0 } = (status ?? {}) as Progress;
  const seen = metadata.generation === undefined || observedGeneration >= metadata.generation;
  return seen && availableReplicas >= replicas && updatedReplicas >= replicas;
}

interface Progress {
  observedGeneration?: number;
  availableReplicas?: number;
  updatedReplicas?: number;
}

async function notReady(
  client: KubeClient,
  { namespace, name }: DeploymentName,
  deadline: number,
): Promise<CodedError> {
  const pods = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace });
  const reasons = pods.filter((p) => p.metadata.name.startsWith(`${name}-`)).flatMap(troubleOf);
  const why = reasons[0] ?? 'sus pods no llegan a estar listos, sin decir por qué';
  return new CodedError({
    code: 'MALLA-IST-22',
    happened: `El Deployment ${namespace}/${name} no está listo tras ${Math.round(deadline / 1000)} s: ${why}.`,
    expected: 'Que todos sus pods estuvieran listos.',
    todo: `Mira «kubectl describe pods -n ${namespace}». Si es la imagen, hace falta Internet o un paquete de clase («malla paquete usar»).`,
  });
}

interface PodState {
  containerStatuses?: ContainerState[];
  initContainerStatuses?: ContainerState[];
  conditions?: { type: string; status: string; message?: string }[];
}
interface ContainerState {
  image?: string;
  state?: { waiting?: { reason?: string; message?: string } };
}

function troubleOf(pod: KubeObject): string[] {
  const { containerStatuses = [], initContainerStatuses = [], conditions = [] } = (pod.status ?? {}) as PodState;
  const waiting = [...initContainerStatuses, ...containerStatuses].flatMap(({ image = '', state }) => {
    const { reason } = state?.waiting ?? {};
    if (!reason || reason === 'ContainerCreating' || reason === 'PodInitializing') return [];
    return /Image/.test(reason)
      ? [`no se puede bajar la imagen ${image} (${reason})`]
      : [`${pod.metadata.name}: ${reason}`];
  });
  const unplaced = conditions.find((c) => c.type === 'PodScheduled' && c.status === 'False')?.message;
  return unplaced ? [...waiting, `${pod.metadata.name} no cabe en ningún nodo: ${unplaced}`] : waiting;
}
