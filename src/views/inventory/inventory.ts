// What a cluster has, as the sidebar of the editor shows it: plain data, and the lines in which it travels.

export interface NodeFact {
  name: string;
  ready: boolean;
  /** As in `control-plane`; none for a worker. */
  roles: string[];
  /** Of its kubelet. */
  version: string;
}

export interface ServiceFact {
  name: string;
  type: string;
  /** As in `80/TCP`. */
  ports: string[];
  /** Pods behind it. Both 0 when it selects none. */
  pods: number;
  ready: number;
}

export interface ProxyFact {
  pod: string;
  kind: 'sidecar' | 'pasarela';
  /** Its proxy container is ready. */
  ready: boolean;
  node: string;
  /** Of the proxy's image, as in `1.30.0`; '' when it does not tell. */
  version: string;
}

export interface NamespaceFact {
  name: string;
  /** New pods get a sidecar. */
  injected: boolean;
  pods: number;
  ready: number;
  services: ServiceFact[];
  proxies: ProxyFact[];
}

/** A line of `malla inventario`. Each says the whole of what it names. */
export type InventoryLine =
  | { event: 'nodes'; nodes: NodeFact[] }
  | { event: 'namespace'; namespace: NamespaceFact }
  | { event: 'gone'; namespace: string }
  /** Everything that there is has been told, and what changes will be; `lost`: the cluster does not answer. */
  | { event: 'live' }
  | { event: 'lost' };
