// Filters of access logs: CEL over Envoy's attributes of a request. An expression that cannot be read, or fails on a
// request, logs nothing, as Envoy's filter does.
import { create } from '@bufbuild/protobuf';
import { DurationSchema, TimestampSchema, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { compile, type Program } from '../../cel/program.ts';
import { allValues } from '../../mesh/repeated-headers.ts';
import type { ProxyRecord } from '../traffic.ts';
import { requestBytes, responseBytes } from './header-bytes.ts';

export type LogFilter = (record: ProxyRecord) => boolean;

/** The parser knows its own depth; what is longer than anybody writes is not given to it. */
const LONGEST = 4_000;

export function compileLogFilter(source: string): LogFilter {
  const value = compileCel(source);
  return (record) => value(record) === true;
}

/** What an expression says of a request. Undefined: nothing, or it failed. */
export function compileCel(source: string): (record: ProxyRecord) => unknown {
  if (source.length > LONGEST || !isShallow(source)) return () => undefined;
  let program: Program | undefined;
  return (record) => {
    program ??= compile(source);
    try {
      const outcome = program.run(attributesOf(record), { cost: 0 });
      return outcome.kind === 'value' ? outcome.value : undefined;
    } catch {
      return undefined;
    }
  };
}

const DEEPEST = 50;

/** A parser that calls itself for each bracket and sign would run out of stack. */
function isShallow(source: string): boolean {
  return (source.match(/[([{!-]/g) ?? []).length <= DEEPEST;
}

type Fields = Record<string, unknown>;

function attributesOf(record: ProxyRecord): Record<string, unknown> {
  return {
    request: requestOf(record),
    response: responseOf(record),
    connection: connectionOf(record),
    source: endOf(record.downstreamRemote),
    destination: endOf(record.downstreamLocal),
    upstream: upstreamOf(record),
    xds: known({ cluster_name: record.cluster ?? '', route_name: record.route === '-' ? '' : record.route }),
  };
}

function requestOf({ request, start, duration, bytesReceived, ...record }: ProxyRecord): unknown {
  const time = { time: timestamp(start), duration: durationOf(duration), size: BigInt(bytesReceived) };
  if (!request) return known(time);
  const { authority, method, version = 'HTTP/1.1', headers } = request;
  const path = request.upstreamPath ?? request.path;
  const [plain = '', ...query] = path.split('?');
  return known({
    ...time,
    path,
    url_path: plain,
    query: query.join('?'),
    host: authority,
    method,
    scheme: headers['x-forwarded-proto'] ?? 'http',
    protocol: version,
    headers: headersOf(headers),
    useragent: headers['user-agent'],
    referer: headers.referer,
    id: headers['x-request-id'],
    total_size: BigInt(bytesReceived + requestBytes({ request, start, duration, bytesReceived, ...record })),
  });
}

function responseOf(record: ProxyRecord): unknown {
  const { responseHeaders = {}, bytesSent, upstreamTime } = record;
  return known({
    code: BigInt(record.status),
    code_details: record.details,
    flags: BigInt(flagBits(record.flags)),
    headers: headersOf(responseHeaders),
    trailers: new Map(),
    size: BigInt(bytesSent),
    total_size: BigInt(bytesSent + responseBytes(record)),
    grpc_status: BigInt(grpcStatusOf(record)),
    backend_latency: upstreamTime === undefined ? undefined : durationOf(upstreamTime),
  });
}

function connectionOf({ reporter, mtls, serverName, ...record }: ProxyRecord): unknown {
  // Of the connection that came, which between a program and its own sidecar is plain.
  const secure = reporter === 'destination' && mtls;
  return known({
    mtls: secure,
    requested_server_name: serverName ?? '',
    termination_details: record.termination,
    tls_version: secure ? 'TLSv1.3' : undefined,
    uri_san_peer_certificate: secure ? record.sourcePrincipal : undefined,
    uri_san_local_certificate: secure ? record.destinationPrincipal : undefined,
    sha256_peer_certificate_digest: secure ? record.peerCertificateHash : undefined,
  });
}

function upstreamOf({ reporter, mtls, ...record }: ProxyRecord): unknown {
  const secure = reporter === 'source' && mtls;
  return known({
    ...(record.upstreamHost ? addressOf(record.upstreamHost) : {}),
    local_address: record.upstreamLocal,
    transport_failure_reason: record.transportFailure ?? '',
    request_attempt_count: BigInt(Math.max(1, record.attempted?.length ?? 0)),
    tls_version: secure ? 'TLSv1.3' : undefined,
    uri_san_peer_certificate: secure ? record.destinationPrincipal : undefined,
    uri_san_local_certificate: secure ? record.sourcePrincipal : undefined,
  });
}

const endOf = (address: string): unknown => known(addressOf(address));

function addressOf(address: string): Fields {
  return { address, port: BigInt(/:(\d+)$/.exec(address)?.[1] ?? 0) };
}

/** Names of headers are letters like any others, so a map and not an object. */
function headersOf(headers: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name, allValues(value)]));
}

/** An attribute that is not there is an error for whoever asks for it. */
function known(fields: Fields): Map<string, unknown> {
  return new Map(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function timestamp(milliseconds: number): unknown {
  return create(TimestampSchema, timestampFromMs(milliseconds));
}

function durationOf(milliseconds: number): unknown {
  const seconds = Math.floor(milliseconds / 1000);
  return create(DurationSchema, {
    seconds: BigInt(seconds),
    nanos: Math.round((milliseconds - seconds * 1000) * 1e6),
  });
}

/** Bit by bit in the order in which Envoy has them. */
const FLAGS = 'LH UH UT LR UR UF UC UO NR DI FI RL UAEX RLSE DC URX SI IH DPE UMSDR RFCF NFCF DT UPE NC OM DF DO'.split(
  ' ',
);

function flagBits(flags: readonly string[]): number {
  return flags.reduce((bits, flag) => (FLAGS.includes(flag) ? bits + 2 ** FLAGS.indexOf(flag) : bits), 0);
}

/** What gRPC makes of a status where nobody speaks it. */
const GRPC: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
};

function grpcStatusOf({ grpcStatus, status }: ProxyRecord): number {
  const said = Number(grpcStatus);
  return grpcStatus !== undefined && Number.isInteger(said) ? said : (GRPC[status] ?? 2);
}
