// Envoy's access log in Istio's default formats (istio-hechos §7).
import type { ProxyRecord } from '../traffic.ts';
import type { FormatRecord } from './log-format.ts';

/** Istio's own two, or one that the mesh's configuration gives. */
export type LogEncoding = 'text' | 'json' | FormatRecord;

export function formatAccessLog(record: ProxyRecord, encoding: LogEncoding = 'text'): string {
  if (typeof encoding === 'function') return encoding(record);
  return encoding === 'json' ? jsonLine(record) : textLine(record);
}

function textLine(record: ProxyRecord): string {
  const { request } = record;
  const headers = request?.headers;
  // Joined, not added up: a line stays in memory, and must be one string and not the pieces of it.
  return [
    `[${isoTime(record.start)}]`,
    request ? `"${clean(request.method)} ${clean(request.path)} ${request.version ?? 'HTTP/1.1'}"` : '"- - -"',
    record.status,
    record.flags.length > 0 ? record.flags.join(',') : '-',
    record.details ?? '-',
    record.termination ?? '-',
    quote(record.transportFailure),
    record.bytesReceived,
    record.bytesSent,
    whole(record.duration),
    record.upstreamTime === undefined ? '-' : whole(record.upstreamTime),
    quote(headers?.['x-forwarded-for']),
    quote(headers?.['user-agent']),
    quote(headers?.['x-request-id']),
    isEmptyHost(record) ? '""' : quote(request?.authority),
    quote(record.upstreamHost),
    record.cluster ?? '-',
    record.upstreamLocal ?? '-',
    record.downstreamLocal,
    record.downstreamRemote,
    record.serverName ? clean(record.serverName) : '-',
    record.route,
  ].join(' ');
}

/** `Host:` with nothing in it is not the same as no Host, nor as a connection that has none to say. */
function isEmptyHost({ request, details }: ProxyRecord): boolean {
  return request?.authority === '' && request.method !== '-' && details !== 'missing_host_header';
}

/** Keys sorted, numbers as numbers, absent ones null: as Envoy writes its JSON. */
function jsonLine(record: ProxyRecord): string {
  const { request } = record;
  const headers = request?.headers;
  return JSON.stringify({
    authority: request?.authority ?? null,
    bytes_received: record.bytesReceived,
    bytes_sent: record.bytesSent,
    connection_termination_details: record.termination ?? null,
    downstream_local_address: record.downstreamLocal,
    downstream_remote_address: record.downstreamRemote,
    duration: whole(record.duration),
    method: request?.method ?? null,
    path: request?.path ?? null,
    protocol: request ? (request.version ?? 'HTTP/1.1') : null,
    request_id: headers?.['x-request-id'] ?? null,
    requested_server_name: record.serverName ?? null,
    response_code: record.status,
    response_code_details: record.details ?? null,
    response_flags: record.flags.length > 0 ? record.flags.join(',') : '-',
    route_name: record.route === '-' ? null : record.route,
    start_time: isoTime(record.start),
    upstream_cluster: record.cluster ?? null,
    upstream_host: record.upstreamHost ?? null,
    upstream_local_address: record.upstreamLocal ?? null,
    upstream_service_time: record.upstreamTime === undefined ? null : String(whole(record.upstreamTime)),
    upstream_transport_failure_reason: record.transportFailure ?? null,
    user_agent: headers?.['user-agent'] ?? null,
    x_forwarded_for: headers?.['x-forwarded-for'] ?? null,
  });
}

const whole = (milliseconds: number) => Math.trunc(milliseconds);

let second = -1;
let secondText = '';

/** The date is made once a second. */
function isoTime(time: number): string {
  const at = Math.floor(time / 1000);
  if (at !== second) {
    second = at;
    secondText = new Date(at * 1000).toISOString().slice(0, 20);
  }
  return `${secondText}${String(Math.floor(time) - at * 1000).padStart(3, '0')}Z`;
}

function quote(value: string | undefined): string {
  return value === undefined || value === '' ? '"-"' : `"${clean(value)}"`;
}

/** What a client sends must not be able to end the line or the field. */
function clean(value: string): string {
  return UNSAFE.test(value) ? value.replace(ALL_UNSAFE, '_') : value;
}

const UNSAFE = /["\\\p{Cc}]/u;
const ALL_UNSAFE = /["\\\p{Cc}]/gu;
