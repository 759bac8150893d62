import type { KubeObject } from '../mesh/objects.ts';

/** What the containers of running pods use, as a metrics server tells it: cores, bytes, and when (milliseconds). */
export interface UsageSource {
  pods(): readonly { pod: KubeObject; time: number; containers: readonly ContainerUsage[] }[];
}
export type ContainerUsage = { name: string; cpu: number; memory: number };
