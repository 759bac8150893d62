// Envoy's access log in Istio's default text format.

export interface AccessLogEntry {
  /** Milliseconds since the epoch. */
  start: number;
  /** Undefined for a TCP connection, which has none of the request's fields. */
  request: { method: string; path: string; headers: Readonly<Record<string, string>>; authority: string } | undefined;
  status: number;
  flags: readonly string[];
  details?: string;
  transportFailure?: string;
  bytesReceived: number;
  bytesSent: number;
  duration: number;
  /** What the proxy waited for its upstream; undefined for its own replies. */
  upstreamTime?: number;
  upstreamHost?: string;
  cluster?: string;
  upstreamLocal?: string;
  downstreamLocal: string;
  downstreamRemote: string;
  serverName?: string;
  route: string;
}

export function formatAccessLog(entry: AccessLogEntry): string {
  const { request } = entry;
  return [
    `[${new Date(entry.start).toISOString()}]`,
    quote(request ? `${request.method} ${originalPath(request)} HTTP/1.1` : '- - -'),
    entry.status,
    entry.flags.join(',') || '-',
    entry.details ?? '-',
    '-',
    quote(entry.transportFailure),
    entry.bytesReceived,
    entry.bytesSent,
    entry.duration,
    entry.upstreamTime ?? '-',
    quote(request?.headers['x-forwarded-for']),
    quote(request?.headers['user-agent']),
    quote(request?.headers['x-request-id']),
    quote(request?.authority),
    quote(entry.upstreamHost),
    entry.cluster ?? '-',
    entry.upstreamLocal ?? '-',
    entry.downstreamLocal,
    entry.downstreamRemote,
    entry.serverName ?? '-',
    entry.route,
  ].join(' ');
}

/** A rewritten request is logged with the path that the client asked for. */
function originalPath({ path, headers }: NonNullable<AccessLogEntry['request']>): string {
  return headers['x-envoy-original-path'] ?? path;
}

/** What a client sends must not be able to end the line or the field. */
function quote(value: string | undefined): string {
  return `"${(value ?? '-').replace(/["\\\p{Cc}]/gu, '_')}"`;
}
