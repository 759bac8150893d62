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
export type ResponseFlag = 'NR' | 'NC' | 'UH' | 'UF' | 'UC' | 'UT' | 'UO' | 'URX' | 'DI' | 'FI' | 'DC' | 'RL';

export interface Endpoint {
  /** Pod address. */
  address: string;
  /** Pod port. */
  port: number;
  namespace: string;
  pod: string;
  /** Whether its pod has a sidecar. */
  sidecar: boolean;
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
  service: { namespace: string; name: string; port: number };
  subset?: string;
  endpoint: Endpoint;
  /** Set when the rule rewrites; the original stays in x-envoy-original-path. */
  rewrittenPath?: string;
  rewrittenAuthority?: string;
  requestHeaders?: readonly HeaderChanges[];
  responseHeaders?: readonly HeaderChanges[];
  /** The cluster's endpoints, `endpoint` among them: where a proxy tries again when it cannot connect. */
  candidates: readonly Endpoint[];
  /** The port is declared TCP: bytes pass through, no rule and no header change applies. */
  tcp?: true;
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
}

/** Nothing listens: the connection is refused before any HTTP. */
export interface Refused {
  kind: 'refused';
}

/** No rule of the mesh applies (ALLOW_ANY): the connection goes to the original destination. */
export interface Passthrough {
  kind: 'passthrough';
  cluster: 'PassthroughCluster';
  route: 'allow_any';
}

export type Outcome = Forward | Reply | Refused | Passthrough;

export interface Decision {
  steps: Step[];
  outcome: Outcome;
}
