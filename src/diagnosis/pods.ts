// What state a pod is in, in the terms of a diagnosis.
import type { Pod } from './scene.ts';
import type { ContainerStatus } from './specs.ts';

export type PodState =
  | { state: 'ready' }
  | { state: 'starting' }
  | { state: 'image' | 'failing' | 'misconfigured'; container: string; image: string; reason: string; path: string }
  | { state: 'unschedulable'; reason: string }
  | { state: 'finished' };

const imageReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
]);
const configurationReasons = new Set(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']);

/** `starting` covers every state that time alone may cure. */
export function podState(pod: Pod): PodState {
  const { phase, conditions = [] } = pod.status ?? {};
  if (phase === 'Succeeded') return { state: 'finished' };
  if (conditions.some((c) => c.type === 'Ready' && c.status === 'True')) return { state: 'ready' };
  const scheduled = conditions.find((c) => c.type === 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable')
    return { state: 'unschedulable', reason: scheduled.message ?? 'Unschedulable' };
  return containerTrouble(pod) ?? { state: 'starting' };
}

export function isReady(pod: Pod): boolean {
  return podState(pod).state === 'ready';
}

/** Its own or as a sidecar: gateways run nothing else. */
export function hasProxy({ spec }: Pod): boolean {
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].some((c) => c.name === 'istio-proxy');
}

/** In spec.containers or, as a native sidecar, in spec.initContainers. Gateways run the proxy alone: not a sidecar. */
export function hasSidecar(pod: Pod): boolean {
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  const others = containers.filter((c) => c.name !== 'istio-proxy');
  return others.length > 0 && [...containers, ...initContainers].some((c) => c.name === 'istio-proxy');
}

/** The youngest that is ready: during a rollout, the one that stays. */
export function newestReady(pods: readonly Pod[]): Pod | undefined {
  return pods
    .filter((p) => p.metadata.deletionTimestamp === undefined && isReady(p))
    .toSorted((a, b) => ageKey(b).localeCompare(ageKey(a)))[0];
}

/** The one that kubectl takes by default, but never the proxy of a pod that has something else. */
export function mainContainer({ metadata, spec }: Pod): string {
  const names = (spec?.containers ?? []).flatMap((c) => c.name ?? []);
  const usual = metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (usual !== undefined && names.includes(usual)) return usual;
  return names.find((n) => n !== 'istio-proxy') ?? names[0] ?? '';
}

function ageKey({ metadata }: Pod): string {
  return `${metadata.creationTimestamp ?? ''} ${metadata.name}`;
}

function containerTrouble(pod: Pod): PodState | undefined {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const all = [
    ...initContainerStatuses.map((status) => ({ status, list: 'initContainers' as const })),
    ...containerStatuses.map((status) => ({ status, list: 'containers' as const })),
  ];
  for (const { status, list } of all) {
    const state = stateOf(status);
    if (!state) continue;
    const index = (pod.spec?.[list] ?? []).findIndex((c) => c.name === status.name);
    const image = pod.spec?.[list]?.[index]?.image ?? status.image ?? '';
    const { reason, message } = status.state?.waiting ?? {};
    return {
      state,
      container: status.name,
      image,
      reason: message ?? reason ?? 'Error',
      path: `spec.${list}[${index}]${state === 'image' ? '.image' : ''}`,
    };
  }
  return undefined;
}

function stateOf(status: ContainerStatus): 'image' | 'failing' | 'misconfigured' | undefined {
  const reason = status.state?.waiting?.reason ?? '';
  if (imageReasons.has(reason)) return 'image';
  if (configurationReasons.has(reason)) return 'misconfigured';
  if (reason === 'CrashLoopBackOff') return 'failing';
  const ended = status.state?.terminated ?? status.lastState?.terminated;
  return (status.restartCount ?? 0) > 0 && ended?.exitCode ? 'failing' : undefined;
}
