// What programs of Istio may ask about the mesh.
import type { KubeObject } from '../mesh/objects.ts';

/** The configuration that proxies obey: what istiod has sent. Another object after each push, and only then. */
export interface PushedMesh {
  /** Grows by one with each push; 0: nothing was sent yet. */
  version: number;
  objects: readonly KubeObject[];
  /** `data.mesh` of the ConfigMap istio, parsed; empty without it. Untrusted. */
  meshConfig: Readonly<Record<string, unknown>>;
  rootNamespace: string;
}

/** How one proxy stands with istiod. Versions are those of PushedMesh. */
export interface ProxySync {
  pod: KubeObject;
  role: 'sidecar' | 'gateway';
  /** The last version sent to it; 0: none yet. */
  sent: number;
  /** The last version that it has acknowledged. */
  acked: number;
  /** Milliseconds since the epoch. */
  sentAt: number;
}

/** What programs of Istio may ask about the mesh: istiod's debug pages and the admin pages of proxies are made of it. */
export interface MeshFacts {
  pushed(): PushedMesh;
  /** Proxies that are connected to istiod. */
  proxies(): readonly ProxySync[];
  /** What a pod's proxy has counted of its traffic. */
  counters(podUid: string): ProxyCounters;
  /** Its histograms of clusters, of those statistics that are kept, in the text format of Prometheus. Undefined: nobody keeps them. */
  latencies?(podUid: string, keeps: (statistic: string) => boolean): string;
  /**
   * `spiffe://cluster.local/ns/NAMESPACE/sa/NAME` of a service account's token; undefined when the token is not good, or was
   * not made for this audience.
   */
  identityOf(token: string, audience: string): string | undefined;
  /** Istio's standard metrics of a pod's proxy, in the text format of Prometheus. Undefined: nobody counts them. */
  metrics?(podUid: string): string;
}

/** Counters and gauges by Envoy's own names: `cluster.outbound|9080||reviews.default.svc.cluster.local;.upstream_rq_total`. */
export type ProxyCounters = ReadonlyMap<string, number>;
