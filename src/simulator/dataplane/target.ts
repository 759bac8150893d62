import type { MeshService } from '../../mesh/services.ts';

/** Where a connection was going before any proxy took it. */
export interface Target {
  host: string;
  port: number;
  /** Undefined when the host is a pod's address, or outside the cluster. */
  service: MeshService | undefined;
}
