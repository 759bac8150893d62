// Limits, ejection and TLS of a cluster, from the blocks that apply to it. Defaults: istio-hechos §2.2.
import type { OutlierPolicy, UpstreamPolicy, UpstreamTls } from '../decision.ts';
import { fields, integer, text } from '../read.ts';
import { milliseconds } from './duration.ts';
import type { Block, Blocks } from './traffic-policy.ts';

/** What the mesh says where no DestinationRule does. */
export interface MeshDefaults {
  connectTimeout: number;
  autoMtls: boolean;
  /** `localityLbSetting` as written. */
  locality: unknown;
}

export function meshDefaults(meshConfig: Readonly<Record<string, unknown>> = {}): MeshDefaults {
  return {
    connectTimeout: milliseconds(meshConfig.connectTimeout) ?? 10_000,
    autoMtls: meshConfig.enableAutoMtls !== false,
    locality: meshConfig.localityLbSetting,
  };
}

export function upstreamPolicy(blocks: Blocks, mesh: MeshDefaults): UpstreamPolicy {
  const pool = fields(blocks.connectionPool?.value);
  const tcp = fields(pool.tcp);
  const http = fields(pool.http);
  return {
    ...limit('maxConnections', tcp.maxConnections),
    ...limit('maxPendingRequests', http.http1MaxPendingRequests),
    ...limit('maxRequests', http.http2MaxRequests),
    ...limit('maxRetries', http.maxRetries),
    ...limit('maxRequestsPerConnection', http.maxRequestsPerConnection),
    connectTimeout: milliseconds(tcp.connectTimeout) ?? mesh.connectTimeout,
    ...(blocks.outlierDetection && { outlier: outlierPolicy(blocks.outlierDetection.value) }),
    tls: upstreamTls(blocks.tls, mesh),
  };
}

/** 0 is as good as not written. */
function limit<Name extends string>(name: Name, value: unknown): { [name in Name]?: number } {
  const number = integer(value);
  const limits: { [name in Name]?: number } = {};
  if (number !== undefined && number > 0) limits[name] = number;
  return limits;
}

function outlierPolicy(value: unknown): OutlierPolicy {
  const written = fields(value);
  const gateway = integer(written.consecutiveGatewayErrors);
  return {
    consecutive5xx: integer(written.consecutive5xxErrors) ?? 5,
    ...(gateway !== undefined && { consecutiveGatewayErrors: gateway }),
    interval: milliseconds(written.interval) || 10_000,
    baseEjectionTime: milliseconds(written.baseEjectionTime) || 30_000,
    maxEjectionPercent: integer(written.maxEjectionPercent) || 10,
    minHealthPercent: Math.max(0, integer(written.minHealthPercent) ?? 0),
  };
}

const MODES: Readonly<Record<string, UpstreamTls['mode']>> = {
  DISABLE: 'disable',
  SIMPLE: 'simple',
  MUTUAL: 'mutual',
  ISTIO_MUTUAL: 'istio-mutual',
};

function upstreamTls(block: Block | undefined, mesh: MeshDefaults): UpstreamTls {
  if (!block) return { mode: mesh.autoMtls ? 'auto' : 'disable' };
  const written = fields(block.value);
  const sni = text(written.sni);
  const credentialName = text(written.credentialName);
  return {
    // A mode that is not written is the first of its list.
    mode: MODES[text(written.mode) ?? ''] ?? 'disable',
    ...(sni && { sni }),
    ...(credentialName && { credentialName }),
    ...(written.insecureSkipVerify === true && { insecureSkipVerify: true }),
    source: block.source,
  };
}
