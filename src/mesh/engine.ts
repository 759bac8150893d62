// The pure mesh engine: (index of a configuration, proxy, request, chance) → decision.
import type { Decision } from './decision.ts';
import type { KubeObject } from './objects.ts';

/**
 * All that decides routing, as plain objects: Services, Pods, Gateways, VirtualServices, DestinationRules… in any order
 * and of any version of their API. Kinds the engine does not know are ignored.
 */
export interface MeshConfiguration {
  objects: readonly KubeObject[];
  /** Istio's root namespace. */
  rootNamespace: string;
}

export type Proxy =
  | { kind: 'sidecar'; namespace: string; labels: Record<string, string> }
  | { kind: 'gateway'; namespace: string; labels: Record<string, string> };

export interface MeshRequest {
  /** Host header, port included if the client wrote one. */
  authority: string;
  /** For a sidecar the destination port, for a gateway the port of its pod. */
  port: number;
  method: string;
  /** With query. */
  path: string;
  /** Lower-case names. */
  headers: Record<string, string>;
}

/** Where chance and memory come from; the engine itself has neither. */
export interface Chance {
  /** Uniform in [0, 1). */
  random(): number;
  /** The next index of a round-robin cursor for this cluster name, in [0, size). */
  next(cluster: string, size: number): number;
}

/** Built once per configuration; see indexMesh in index-mesh.ts. Opaque to callers. */
export interface MeshEngine {
  decide(proxy: Proxy, request: MeshRequest, chance: Chance): Decision;
  /** Ports of the gateway pods that listen for these labels; empty means connection refused. */
  gatewayPorts(proxy: Proxy): number[];
}
