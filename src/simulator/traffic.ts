// What proxies tell of the traffic: log lines, metrics and spans are made of it.
import type { KubeObject } from '../mesh/objects.ts';

/**
 * One request (or connection) as one proxy saw it, told when it ends. The proxy of the client tells it once
 * (`reporter: 'source'`), that of the server once more (`'destination'`); a gateway is a client.
 */
export interface ProxyRecord {
  reporter: 'source' | 'destination';
  role: 'sidecar' | 'gateway';
  /** The pod whose proxy tells. */
  pod: KubeObject;
  /** The pod at the other end: that of the endpoint for a client, of the caller for a server. Undefined: unknown to the proxy. */
  peer?: KubeObject;
  /** The Service that was asked for, as the client's proxy knows it; for a server found from the port. */
  service?: { namespace: string; name: string; port: number };
  protocol: 'http' | 'grpc' | 'tcp';
  /** Milliseconds since the epoch, with fractions. */
  start: number;
  /** Milliseconds, with fractions. */
  duration: number;
  /** Milliseconds from the last byte sent upstream to the first received; undefined: no answer from upstream. */
  upstreamTime?: number;
  /** Undefined for TCP. `path` is the one that the client asked for; `headers` are those that went upstream. */
  request?: {
    method: string;
    path: string;
    /** When a rule has changed it. */
    upstreamPath?: string;
    authority: string;
    headers: Readonly<Record<string, string>>;
    /** HTTP/1.1 unless said. */
    version?: 'HTTP/1.0' | 'HTTP/2';
  };
  /** Of the answer, as the client gets it. */
  responseHeaders?: Readonly<Record<string, string>>;
  /** Endpoints that were tried, in order: `10.244.1.5:9080`. */
  attempted?: readonly string[];
  /** 0: no answer. */
  status: number;
  /** Trailer grpc-status when the protocol is gRPC. */
  grpcStatus?: string;
  flags: readonly string[];
  details?: string;
  transportFailure?: string;
  /** Why a TCP connection was ended, when a policy ended it. */
  termination?: string;
  bytesReceived: number;
  bytesSent: number;
  /** `outbound|9080|v1|reviews.default.svc.cluster.local`. */
  cluster?: string;
  subset?: string;
  route: string;
  /** VirtualService that made the route; undefined: a Service's own. */
  virtualService?: { namespace: string; name: string };
  /** `10.244.1.5:9080`. */
  upstreamHost?: string;
  upstreamLocal?: string;
  downstreamLocal: string;
  downstreamRemote: string;
  serverName?: string;
  /** Whether the hop between the two proxies was mutual TLS, and who they were. */
  mtls: boolean;
  sourcePrincipal?: string;
  destinationPrincipal?: string;
  /** SHA-256 of the client's certificate, as its server sees it. */
  peerCertificateHash?: string;
  /** What the tracer gave for this hop. */
  trace?: HopTrace;
}

/** One proxy's place in a trace. */
export interface HopTrace {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  /** Of a gateway, which tells what it sends on apart from what it was asked. */
  upstreamSpanId?: string;
  sampled: boolean;
}

/** A span of a trace, whoever made it and whatever it came in. */
export interface Span {
  /** Lower-case hexadecimal, 32 digits. */
  traceId: string;
  /** 16 digits. */
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: 'client' | 'server' | 'producer' | 'consumer' | 'internal';
  /** `productpage.default`. */
  service: string;
  /** Microseconds since the epoch. */
  start: number;
  /** Microseconds. */
  duration: number;
  tags: readonly SpanTag[];
  /** What is told once for all spans of a service. */
  processTags: readonly SpanTag[];
}

export interface SpanTag {
  key: string;
  value: string | number | boolean;
}

/** Called by the proxies; each part costs nothing while nobody wants it. */
export interface Telemetry {
  record(record: ProxyRecord): void;
  /**
   * Before a proxy sends a request on: reads the trace headers (B3, W3C, x-request-id) and says what to write. Changes
   * `headers`. Undefined: nobody traces (istio-hechos §9.1).
   */
  trace(pod: KubeObject, reporter: 'source' | 'destination', headers: Record<string, string>): HopTrace | undefined;
}
