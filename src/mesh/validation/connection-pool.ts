import { durationProblem, goDuration } from './durations.ts';
import { type Fields, type Findings, fields, number, optionalFields, text } from './findings.ts';

export function validateConnectionPool(pool: Fields | undefined, findings: Findings): void {
  if (!pool) return;
  const [http, tcp] = [optionalFields(pool.http), optionalFields(pool.tcp)];
  if (!http && !tcp) findings.error('connection pool must have at least one field');
  if (http) validateHttp(http, findings);
  if (tcp) validateTcp(tcp, findings);
}

const httpCounts: Record<string, string> = {
  http1MaxPendingRequests: 'http1 max pending requests',
  http2MaxRequests: 'http2 max requests',
  maxRequestsPerConnection: 'max requests per connection',
  maxRetries: 'max retries',
};

function validateHttp(http: Fields, findings: Findings): void {
  for (const [field, words] of Object.entries(httpCounts))
    if (number(http[field]) < 0) findings.error(`${words} must be non-negative`);
  findings.error(durationProblem(http.idleTimeout));
  if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol === true)
    findings.error('use client protocol must not be true when H2UpgradePolicy is UPGRADE');
  if (number(http.maxConcurrentStreams) < 0) findings.error('max concurrent streams must be non-negative');
  if (http.http2KeepAlive === undefined) return;
  const { interval, timeout } = fields(http.http2KeepAlive);
  findings.error(interval === undefined ? 'http2 keepalive interval is required' : durationProblem(interval));
  findings.error(timeout === undefined ? 'http2 keepalive timeout is required' : durationProblem(timeout));
}

function validateTcp(tcp: Fields, findings: Findings): void {
  if (number(tcp.maxConnections) < 0) findings.error('max connections must be non-negative');
  findings.error(durationProblem(tcp.connectTimeout));
  findings.error(durationProblem(tcp.maxConnectionDuration));
  // Zero turns this one off.
  const idle = goDuration(text(tcp.idleTimeout)) ?? 0n;
  if (idle / 1_000_000n !== 0n) findings.error(durationProblem(tcp.idleTimeout));
  const { time, interval } = fields(tcp.tcpKeepalive);
  findings.error(durationProblem(time));
  findings.error(durationProblem(interval));
}
