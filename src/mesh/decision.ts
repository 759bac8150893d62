// What the engine answers: the steps it took and where the request goes.

/** Where in the configuration a step comes from: enough to point at a line of the student's YAML. */
export interface Source {
  kind: string;
  namespace: string;
  name: string;
  /** YAML path inside the object: `spec.http[0].route[1].weight`. */
  path: string;
}

export type StepKind =
  | 'listener'
  | 'virtual-host'
  | 'rule'
  | 'match'
  | 'fault'
  | 'destination'
  | 'subset'
  | 'endpoint'
  | 'policy'
  | 'timeout'
  | 'retry'
  | 'delegate'
  | 'cors'
  | 'mirror'
  | 'rewrite'
  | 'reply';

export interface Step {
  kind: StepKind;
  /** Machine-readable outcome, e.g. `matched`, `rejected`, `drawn`, `not-found`. */
  result: string;
  source?: Source;
  /** Figures of the step, for explanations: weights, draws, candidate counts, values compared. */
  facts: Record<string, string | number | boolean>;
}

/** Envoy's response flags: istio-hechos §7. */
export type ResponseFlag =
  | 'NR'
  | 'NC'
  | 'UH'
  | 'UF'
  | 'UC'
  | 'UT'
  | 'UO'
  | 'UR'
  | 'URX'
  | 'DI'
  | 'FI'
  | 'DC'
  | 'DPE'
  | 'RL'
  | 'IH'
  | 'SI'
  | 'UPE'
  | 'UAEX'
  | 'UMSDR';

export interface Endpoint {
  /** Pod address. */
  address: string;
  /** Pod port. */
  port: number;
  namespace: string;
  pod: string;
  /** Whether its pod has a sidecar. */
  sidecar: boolean;
  /** Outside the mesh: of a ServiceEntry with addresses of its own or resolved by name. `address` may be a host name. */
  external?: true;
  /** `region/zone/subzone` of its node, for locality balancing. */
  locality?: string;
  /** Against the others of its cluster; 1 when missing. */
  weight?: number;
}

export interface ServiceRef {
  namespace: string;
  name: string;
  port: number;
  /** When it is not `name.namespace.svc.cluster.local`: a ServiceEntry's host, which is its name too. */
  host?: string;
}

/** In the order in which a proxy makes them: remove, then set, then add. Lower-case names. */
export interface HeaderChanges {
  remove: readonly string[];
  set: readonly (readonly [string, string])[];
  add: readonly (readonly [string, string])[];
}

export interface Forward {
  kind: 'forward';
  /** Envoy's cluster name: `outbound|9080|v1|reviews.default.svc.cluster.local`. */
  cluster: string;
  /** Route name as logs print it: `default`, a rule's name, or `-`. */
  route: string;
  service: ServiceRef;
  subset?: string;
  endpoint: Endpoint;
  /** Set when the rule rewrites; the original stays in x-envoy-original-path. */
  rewrittenPath?: string;
  rewrittenAuthority?: string;
  requestHeaders?: readonly HeaderChanges[];
  responseHeaders?: readonly HeaderChanges[];
  /** The cluster's endpoints, `endpoint` among them: where a proxy tries again when it cannot connect. */
  candidates: readonly Endpoint[];
  /** The candidates by place, where that matters. */
  groups?: readonly LocalityGroup[];
  /** The port is declared TCP: bytes pass through, no rule and no header change applies. */
  tcp?: true;
  /** The port is named for HTTP/2: the next proxy hears it, whatever the client spoke. */
  http2?: true;
  /** Milliseconds that a fault holds the request back before anything else. Logged with flag DI. */
  delay?: number;
  /** Milliseconds for the whole of the upstream's answer, tries included; undefined: no limit. Over it: 504 UT. */
  timeout?: number;
  /** Undefined: never tried again. */
  retry?: RetryPolicy;
  /** Copies to be sent and forgotten, drawn already: authority gets `-shadow`. */
  mirrors?: readonly Mirror[];
  /** Limits, TLS and ejection of the cluster; the object is the same for each decision on one configuration. */
  upstream?: UpstreamPolicy;
  /** The rule of the VirtualService, the root's where a delegate is at work; or the Service. */
  rule?: Source;
  /** `set-cookie` value to add to the answer: the cookie by which a consistent hash keeps a client. */
  stickyCookie?: string;
}

/** Envoy's retry policy of a route (istio-hechos §1.4). */
export interface RetryPolicy {
  /** Tries after the first. */
  attempts: number;
  /** Milliseconds for each try; undefined: as long as the route's timeout leaves. */
  perTryTimeout?: number;
  /** `connect-failure`, `refused-stream`, `5xx`, `gateway-error`, `reset`, `retriable-4xx`, … lower-case. */
  on: ReadonlySet<string>;
  /** Statuses that are tried again beside those. */
  statuses: ReadonlySet<number>;
  /** Milliseconds of the base of the back-off: 25 unless the rule says. */
  backoff: number;
}

export interface Mirror {
  cluster: string;
  service: ServiceRef;
  subset?: string;
  endpoint: Endpoint;
}

/** What a DestinationRule says of a cluster's connections. Undefined limits: none. Times in milliseconds. */
export interface UpstreamPolicy {
  maxConnections?: number;
  maxPendingRequests?: number;
  maxRequests?: number;
  maxRetries?: number;
  maxRequestsPerConnection?: number;
  connectTimeout: number;
  outlier?: OutlierPolicy;
  tls: UpstreamTls;
  /** A consistent hash chose the endpoint: later tries go to the same. */
  hashed?: true;
}

/** Endpoints by index. Of groups of one priority each gets its share; later priorities only what earlier cannot take. */
export interface LocalityGroup {
  priority: number;
  weight: number;
  indexes: readonly number[];
}

export interface OutlierPolicy {
  /** Undefined: not counted. 0: switched off. */
  consecutive5xx?: number;
  consecutiveGatewayErrors?: number;
  interval: number;
  baseEjectionTime: number;
  /** In per cent, of the cluster's endpoints. */
  maxEjectionPercent: number;
  /** In per cent: below this share of healthy ones all are used (panic). */
  minHealthPercent: number;
}

export interface UpstreamTls {
  /** `auto`: mutual TLS of Istio with endpoints that have a sidecar, plain with the rest. */
  mode: 'auto' | 'disable' | 'simple' | 'mutual' | 'istio-mutual';
  sni?: string;
  credentialName?: string;
  insecureSkipVerify?: boolean;
  source?: Source;
}

/** The proxy answers by itself, with no upstream. Texts and codes: istio-hechos §2.3. */
export interface Reply {
  kind: 'reply';
  status: number;
  headers: Record<string, string>;
  body: string;
  flags: ResponseFlag[];
  details: string;
  cluster?: string;
  route: string;
  /** Milliseconds that a fault held the request back before this answer. */
  delay?: number;
  /** As in Forward. */
  rule?: Source;
}

/** Nothing listens: the connection is refused before any HTTP. */
export interface Refused {
  kind: 'refused';
  /** A TCP route led to this cluster, which has no endpoint: the connection is accepted, and closed with flag UH. */
  cluster?: string;
}

/** No rule of the mesh applies (ALLOW_ANY): the connection goes to the original destination. */
export interface Passthrough {
  kind: 'passthrough';
  cluster: 'PassthroughCluster';
  route: 'allow_any';
  /** The proxy listens for HTTP on the port: it reads the request, and tells it as HTTP. Otherwise it copies bytes. */
  http?: true;
}

/** The connection is accepted and ended at once: a TCP policy refuses it, or plain text came where mTLS must. */
export interface Closed {
  kind: 'closed';
  details: string;
  flags: ResponseFlag[];
}

export type Outcome = Forward | Reply | Refused | Passthrough;

export interface Decision {
  steps: Step[];
  outcome: Outcome;
}
