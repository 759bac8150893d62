// The pure mesh engine: (index of a configuration, proxy, request, chance) → decision.
import type {
  Closed,
  Decision,
  Endpoint,
  Forward,
  HeaderChanges,
  Reply,
  Source,
  Step,
  UpstreamPolicy,
} from './decision.ts';
import type { InboundTarget } from './inbound-ports.ts';
import type { KubeObject } from './objects.ts';

/**
 * All that decides routing, as plain objects: Services, Pods, Gateways, VirtualServices, DestinationRules… in any order
 * and of any version of their API. Kinds the engine does not know are ignored.
 */
export interface MeshConfiguration {
  objects: readonly KubeObject[];
  /** Istio's root namespace. */
  rootNamespace: string;
  /** Parsed `data.mesh` of the ConfigMap istio, untrusted: outboundTrafficPolicy, defaultHttpRetryPolicy, enableAutoMtls, … */
  meshConfig?: Readonly<Record<string, unknown>>;
}

export type Proxy = ({ kind: 'sidecar' } & ProxyFacts) | ({ kind: 'gateway' } & ProxyFacts);

interface ProxyFacts {
  namespace: string;
  labels: Record<string, string>;
  /** `region/zone/subzone`, where it is not that of its node. */
  locality?: string;
  /** Name of the node that it runs on. */
  node?: string;
}

export interface MeshRequest {
  /** Host header, port included if the client wrote one. */
  authority: string;
  /** For a sidecar the destination port, for a gateway the port of its pod. */
  port: number;
  method: string;
  /** With query. */
  path: string;
  /** Lower-case names; see repeated-headers.ts for those that came more than once. */
  headers: Record<string, string>;
  /** Server name of the client's TLS, for a gateway or for a connection that is TLS from the start. */
  serverName?: string;
  /** Address of the client, for a hash by source address. */
  sourceAddress?: string;
  /** Of the request's token, once a gateway has verified it. */
  claims?: Claims;
  /** IP that the client's connection goes to, when it is known: what finds a Service that the authority does not name. */
  destinationAddress?: string;
}

/**
 * Where chance and memory come from; the engine itself has neither. One for each proxy: what one Envoy has in flight or
 * has ejected is unknown to the others. upstream/proxy-memory.ts is the whole one; tests may give the first two only.
 */
export interface Chance {
  /** Uniform in [0, 1). */
  random(): number;
  /** The next index of a round-robin cursor for this cluster name, in [0, size). */
  next(cluster: string, size: number): number;
  /** Requests in flight to the endpoint. */
  active?(cluster: string, endpoint: Endpoint): number;
  /** Outlier detection has it out of the rotation now. `upstream`: the cluster's definition, by which one that changed is known. */
  ejected?(cluster: string, endpoint: Endpoint, upstream?: UpstreamPolicy): boolean;
}

/** The client's end of a connection that reaches a pod. */
export interface InboundConnection {
  /** Port of the pod. */
  port: number;
  /** `spiffe://cluster.local/ns/default/sa/curl` when it is Istio's mutual TLS; undefined: plain text. */
  principal?: string;
  /** Address at the other end of the connection. */
  sourceAddress: string;
  /** Address of the pod itself. */
  destinationAddress: string;
  serverName?: string;
}

export interface Acceptance {
  steps: Step[];
  /** Undefined: accepted. */
  refusal?: Closed;
}

/** One `jwtRules` entry that applies to a proxy. Who asks verifies the signature: the engine has no cryptography. */
export interface TokenRule {
  source: Source;
  issuer: string;
  audiences: readonly string[];
  jwks?: string;
  jwksUri?: string;
  /** Where to look, in order. */
  fromHeaders: readonly { name: string; prefix: string }[];
  fromParams: readonly string[];
  fromCookies: readonly string[];
  forwardOriginalToken: boolean;
  /** Claims that are lists written in one string, beside `scope` and `permission`; nested ones with dots. */
  spaceDelimitedClaims?: readonly string[];
  outputPayloadToHeader?: string;
  outputClaimToHeaders: readonly { header: string; claim: string }[];
}

/** What came of the request's tokens: none, one that is refused (with Envoy's text and details), or claims of valid ones. */
export type TokenOutcome =
  | { kind: 'none' }
  | { kind: 'invalid'; body: string; details: string; source: Source }
  | { kind: 'valid'; claims: Readonly<Record<string, unknown>>; issuer: string; subject: string };

/** Of a token that was verified. */
export type Claims = Readonly<Record<string, unknown>>;

export type Admission = { steps: Step[] } & (
  | { kind: 'admitted'; requestHeaders?: readonly HeaderChanges[]; claims?: Claims }
  | { kind: 'denied'; reply: Reply }
);

/** How a gateway port ends TLS for a server name. */
export interface TlsServer {
  /** `passthrough`: the bytes go on to what decideConnection says. */
  mode: 'simple' | 'mutual' | 'optional-mutual' | 'istio-mutual' | 'passthrough';
  /** AUTO_PASSTHROUGH: only for clients that offer a protocol of the mesh's proxies. */
  automatic?: true;
  hosts: readonly string[];
  /** Secret in the gateway's namespace: tls.crt, tls.key, and ca.crt or NAME-cacert for mutual. */
  credentialName?: string;
  minVersion?: 'TLSv1.2' | 'TLSv1.3';
  maxVersion?: 'TLSv1.2' | 'TLSv1.3';
  source: Source;
}

/** One port on which a gateway listens. */
export interface GatewayPort {
  /** Port of the pod. */
  port: number;
  protocol: 'http' | 'https' | 'tls' | 'tcp';
  /** For https and tls, in the order of the Gateways. */
  servers: readonly TlsServer[];
}

/** Built once per configuration; see indexMesh in index-mesh.ts. Opaque to callers. */
export interface MeshEngine {
  /** An HTTP request, or a connection to a port declared TCP, that leaves through this proxy or reaches this gateway. */
  decide(proxy: Proxy, request: MeshRequest, chance: Chance): Decision;
  /** Where a request that failed is tried next: an endpoint not tried yet when there is one. Undefined: none at all. */
  retryEndpoint(forward: Forward, tried: readonly Endpoint[], chance: Chance): Endpoint | undefined;
  /** Whether a pod's proxy takes a connection: PeerAuthentication, and AuthorizationPolicy on ports that are not HTTP. */
  accept(proxy: Proxy, connection: InboundConnection): Acceptance;
  /** Where a sidecar sends what reaches a port of its pod. */
  inbound(proxy: Proxy, pod: KubeObject, port: number): InboundTarget;
  /** Whether clients of the mesh speak mutual TLS to a port of this pod: not where a PeerAuthentication says DISABLE. */
  takesMutualTls(proxy: Proxy, port: number): boolean;
  /** Token rules of a proxy, all RequestAuthentications together. Empty: tokens are not looked at. */
  tokenRules(proxy: Proxy): readonly TokenRule[];
  /** Whether the proxy lets the request through to the program (or, at a gateway, to its routes). */
  admit(proxy: Proxy, connection: InboundConnection, request: MeshRequest, token: TokenOutcome): Admission;
  /** Ports on which the pods of a gateway listen; on all others connections are refused. */
  gatewayPorts(proxy: Proxy): readonly GatewayPort[];
}
