// The mesh as a graph: who calls whom, how much, how well and how safely. Plain data, drawn elsewhere.
import type { TrafficSource } from '../metrics/traffic-source.ts';

export interface MeshGraph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** Seconds over which the rates are taken. */
  window: number;
  /** Where the traffic comes from, or why there is none to show. */
  traffic: TrafficSource;
}

export interface GraphNode {
  /** `namespace/workload`. */
  id: string;
  namespace: string;
  workload: string;
  /** What workloads of one application have in common. */
  app: string;
  version: string;
  /** `fuera`: callers and destinations that are no workload of the mesh. `servicio`: a Service, where its workload is not known. */
  kind: 'pasarela' | 'programa' | 'servicio' | 'fuera';
  pods: number;
  ready: number;
  /** Pods with a proxy. */
  meshed: number;
  /** Requests per second that come in. */
  rate: number;
  /** Share of those that end in 5xx or in no answer, from 0 to 1. */
  errors: number;
}

export interface GraphEdge {
  from: string;
  to: string;
  /** `reviews.default`; several when more than one service leads there. */
  services: string[];
  protocol: 'http' | 'grpc' | 'tcp';
  /** Requests per second; bytes per second for tcp. */
  rate: number;
  errors: number;
  /** Milliseconds at the client; undefined without requests. */
  p50?: number;
  p95?: number;
  p99?: number;
  /** Share of the requests that came over mutual TLS, from 0 to 1; undefined: unknown. */
  mtls?: number;
  /** `activa`: traffic now. `parada`: some in the last hour, none now. `muerta`: the same, and its end is gone. */
  state: 'activa' | 'parada' | 'muerta';
}

export interface GraphQuestion {
  /** All when undefined. */
  namespace?: string;
}
