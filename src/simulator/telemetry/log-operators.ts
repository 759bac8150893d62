// What each operator of an access log format tells of a request, as a real proxy told it. What no proxy here knows is absent.
import { fields, text } from '../../mesh/read.ts';
import { firstValue } from '../../mesh/repeated-headers.ts';
import type { ProxyRecord } from '../traffic.ts';
import { requestBytes, responseBytes } from './header-bytes.ts';
import { compileCel } from './log-filter.ts';
import { clusterServices, peerWorkload, routeConfig } from './log-metadata.ts';
import { strftime } from './strftime.ts';

/** Undefined: there is nothing to tell. An object: metadata, told as JSON. */
export type ReadValue = (record: ProxyRecord) => string | number | object | undefined;

/** Undefined: Envoy has no such operator. `length`: of what is told no more than so many characters. */
export function readOperator(name: string, argument: string, length: number | undefined): ReadValue | undefined {
  const read = Object.hasOwn(withArgument, name) ? withArgument[name]?.(argument) : simpleOperator(name);
  if (!read || length === undefined) return read;
  return (record) => {
    const value = read(record);
    return typeof value === 'string' ? value.slice(0, length) : value;
  };
}

function simpleOperator(name: string): ReadValue | undefined {
  if (Object.hasOwn(simple, name)) return simple[name];
  return NOT_KNOWN_HERE.has(name) ? absent : undefined;
}

const absent: ReadValue = () => undefined;
const whole = (milliseconds: number | undefined): number | undefined =>
  milliseconds === undefined ? undefined : Math.trunc(milliseconds);
const withoutPort = (address: string | undefined): string | undefined => address?.replace(/:\d+$/, '');
const portOf = (address: string | undefined): number | undefined => {
  const port = /:(\d+)$/.exec(address ?? '')?.[1];
  return port === undefined ? undefined : Number(port);
};

/** Of the connection that came. */
const ofClient =
  (read: ReadValue): ReadValue =>
  (record) =>
    record.reporter === 'destination' && record.mtls ? read(record) : undefined;
/** Of the connection that this proxy made. */
const ofServer =
  (read: ReadValue): ReadValue =>
  (record) =>
    record.reporter === 'source' && record.mtls && record.upstreamLocal ? read(record) : undefined;

const TLS_VERSION: ReadValue = () => 'TLSv1.3';
const TLS_CIPHER: ReadValue = () => 'TLS_AES_128_GCM_SHA256';
const ISSUER: ReadValue = () => 'O=cluster.local';

const hostName = ({ reporter, cluster = '', upstreamHost }: ProxyRecord): string | undefined =>
  upstreamHost && (reporter === 'destination' ? `${cluster}${upstreamHost}` : upstreamHost);

const attempted = ({ attempted, upstreamHost }: ProxyRecord): readonly string[] =>
  attempted ?? (upstreamHost ? [upstreamHost] : []);

const simple: Readonly<Record<string, ReadValue>> = {
  START_TIME: ({ start }) => new Date(start).toISOString(),
  START_TIME_LOCAL: ({ start }) => new Date(start).toISOString().replace('Z', '+0000'),
  EMIT_TIME: ({ start, duration }) => new Date(start + duration).toISOString(),
  PROTOCOL: ({ request }) => request && (request.version ?? 'HTTP/1.1'),
  UPSTREAM_PROTOCOL: ({ request, upstreamLocal }) => (request && upstreamLocal ? 'HTTP/1.1' : undefined),
  RESPONSE_CODE: ({ status }) => status,
  RESPONSE_CODE_DETAILS: ({ details }) => details,
  RESPONSE_FLAGS: ({ flags }) => (flags.length > 0 ? flags.join(',') : '-'),
  RESPONSE_FLAGS_LONG: ({ flags }) =>
    flags.length > 0 ? flags.map((flag) => FLAG_NAMES[flag] ?? flag).join(',') : '-',
  CONNECTION_TERMINATION_DETAILS: ({ termination }) => termination,
  UPSTREAM_TRANSPORT_FAILURE_REASON: ({ transportFailure }) => transportFailure,
  BYTES_RECEIVED: ({ bytesReceived }) => bytesReceived,
  BYTES_SENT: ({ bytesSent }) => bytesSent,
  REQUEST_HEADERS_BYTES: requestBytes,
  RESPONSE_HEADERS_BYTES: responseBytes,
  RESPONSE_TRAILERS_BYTES: () => 0,
  DURATION: ({ duration }) => whole(duration),
  REQUEST_DURATION: ({ request }) => request && 0,
  REQUEST_TX_DURATION: ({ upstreamTime }) => upstreamTime && 0,
  RESPONSE_DURATION: ({ upstreamTime }) => whole(upstreamTime),
  RESPONSE_TX_DURATION: ({ upstreamTime }) => upstreamTime && 0,
  UPSTREAM_CONNECTION_POOL_READY_DURATION: ({ upstreamLocal }) => (upstreamLocal ? 0 : undefined),
  UPSTREAM_REQUEST_ATTEMPT_COUNT: (record) => attempted(record).length,
  UPSTREAM_HOST: ({ upstreamHost }) => upstreamHost,
  UPSTREAM_HOST_NAME: hostName,
  UPSTREAM_HOST_NAME_WITHOUT_PORT: (record) => withoutPort(hostName(record)),
  UPSTREAM_HOSTS_ATTEMPTED: (record) => attempted(record).join(','),
  UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT: (record) => attempted(record).map(withoutPort).join(','),
  // The name that statistics have it by ends in a semicolon.
  UPSTREAM_CLUSTER: ({ cluster }) => cluster && (/[|]/.test(cluster) ? `${cluster};` : cluster),
  UPSTREAM_CLUSTER_RAW: ({ cluster }) => cluster,
  UPSTREAM_LOCAL_ADDRESS: ({ upstreamLocal }) => upstreamLocal,
  UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: ({ upstreamLocal }) => withoutPort(upstreamLocal),
  UPSTREAM_LOCAL_PORT: ({ upstreamLocal }) => portOf(upstreamLocal),
  UPSTREAM_REMOTE_ADDRESS: ({ upstreamHost }) => upstreamHost,
  UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: ({ upstreamHost }) => withoutPort(upstreamHost),
  UPSTREAM_REMOTE_PORT: ({ upstreamHost }) => portOf(upstreamHost),
  DOWNSTREAM_LOCAL_ADDRESS: ({ downstreamLocal }) => downstreamLocal,
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: ({ downstreamLocal }) => withoutPort(downstreamLocal),
  DOWNSTREAM_LOCAL_PORT: ({ downstreamLocal }) => portOf(downstreamLocal),
  DOWNSTREAM_REMOTE_ADDRESS: ({ downstreamRemote }) => downstreamRemote,
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: ({ downstreamRemote }) => withoutPort(downstreamRemote),
  DOWNSTREAM_REMOTE_PORT: ({ downstreamRemote }) => portOf(downstreamRemote),
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS: ({ downstreamRemote }) => downstreamRemote,
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT: ({ downstreamRemote }) => withoutPort(downstreamRemote),
  DOWNSTREAM_DIRECT_REMOTE_PORT: ({ downstreamRemote }) => portOf(downstreamRemote),
  DOWNSTREAM_DIRECT_LOCAL_ADDRESS: ({ role, reporter, downstreamLocal }) => {
    if (role === 'gateway') return downstreamLocal;
    return reporter === 'source' ? '127.0.0.1:15001' : `${withoutPort(downstreamLocal)}:15006`;
  },
  DOWNSTREAM_DETECTED_CLOSE_TYPE: () => 'Normal',
  UPSTREAM_DETECTED_CLOSE_TYPE: () => 'Normal',
  REQUESTED_SERVER_NAME: ({ serverName }) => serverName && clean(serverName),
  ROUTE_NAME: ({ route }) => (route === '-' ? undefined : route),
  FILTER_CHAIN_NAME: ({ reporter, downstreamLocal }) =>
    reporter === 'destination' ? `0.0.0.0_${portOf(downstreamLocal)}` : undefined,
  ACCESS_LOG_TYPE: ({ request }) => (request ? 'DownstreamEnd' : 'TcpConnectionEnd'),
  CUSTOM_FLAGS: () => '',
  HOSTNAME: ({ pod }) => pod.metadata.name,
  STREAM_ID: ({ request }) => request?.headers['x-request-id'],
  GRPC_STATUS: ({ grpcStatus }) => grpcStatus && (GRPC_NAMES[Number(grpcStatus)] ?? grpcStatus),
  GRPC_STATUS_NUMBER: ({ grpcStatus }) => (grpcStatus === undefined ? undefined : Number(grpcStatus)),
  TRACE_ID: ({ trace }) => trace?.traceId,
  SPAN_ID: ({ trace }) => trace?.spanId,
  DOWNSTREAM_TLS_VERSION: ofClient(TLS_VERSION),
  DOWNSTREAM_TLS_CIPHER: ofClient(TLS_CIPHER),
  DOWNSTREAM_PEER_URI_SAN: ofClient(({ sourcePrincipal }) => sourcePrincipal),
  DOWNSTREAM_LOCAL_URI_SAN: ofClient(({ destinationPrincipal }) => destinationPrincipal),
  DOWNSTREAM_PEER_ISSUER: ofClient(ISSUER),
  DOWNSTREAM_PEER_FINGERPRINT_256: ofClient(({ peerCertificateHash }) => peerCertificateHash),
  UPSTREAM_TLS_VERSION: ofServer(TLS_VERSION),
  UPSTREAM_TLS_CIPHER: ofServer(TLS_CIPHER),
  UPSTREAM_PEER_URI_SAN: ofServer(({ destinationPrincipal }) => destinationPrincipal),
  UPSTREAM_LOCAL_URI_SAN: ofServer(({ sourcePrincipal }) => sourcePrincipal),
  UPSTREAM_PEER_ISSUER: ofServer(ISSUER),
};

/** Operators of a real proxy whose values nobody here has: numbers of connections, bytes on the wire, whole certificates. */
const NOT_KNOWN_HERE = new Set(
  (
    'CONNECTION_ID UPSTREAM_CONNECTION_ID UNIQUE_ID VIRTUAL_CLUSTER_NAME TLS_JA3_FINGERPRINT TLS_JA4_FINGERPRINT ' +
    'DOWNSTREAM_WIRE_BYTES_SENT DOWNSTREAM_WIRE_BYTES_RECEIVED DOWNSTREAM_HEADER_BYTES_SENT ' +
    'DOWNSTREAM_HEADER_BYTES_RECEIVED DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED ' +
    'DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_SENT UPSTREAM_WIRE_BYTES_SENT UPSTREAM_WIRE_BYTES_RECEIVED ' +
    'UPSTREAM_HEADER_BYTES_SENT UPSTREAM_HEADER_BYTES_RECEIVED UPSTREAM_DECOMPRESSED_HEADER_BYTES_SENT ' +
    'UPSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED DOWNSTREAM_TRANSPORT_FAILURE_REASON DOWNSTREAM_LOCAL_CLOSE_REASON ' +
    'UPSTREAM_LOCAL_CLOSE_REASON DOWNSTREAM_TLS_SESSION_ID UPSTREAM_TLS_SESSION_ID DOWNSTREAM_LOCAL_DNS_SAN ' +
    'DOWNSTREAM_LOCAL_EMAIL_SAN DOWNSTREAM_LOCAL_IP_SAN DOWNSTREAM_LOCAL_SUBJECT DOWNSTREAM_PEER_CERT ' +
    'DOWNSTREAM_PEER_DNS_SAN DOWNSTREAM_PEER_EMAIL_SAN DOWNSTREAM_PEER_FINGERPRINT_1 DOWNSTREAM_PEER_IP_SAN ' +
    'DOWNSTREAM_PEER_SERIAL DOWNSTREAM_PEER_SUBJECT UPSTREAM_PEER_CERT UPSTREAM_PEER_DNS_SAN UPSTREAM_PEER_EMAIL_SAN ' +
    'UPSTREAM_PEER_IP_SAN UPSTREAM_PEER_SUBJECT UPSTREAM_LOCAL_DNS_SAN UPSTREAM_LOCAL_IP_SAN'
  ).split(' '),
);

const withArgument: Readonly<Record<string, (argument: string) => ReadValue | undefined>> = {
  REQ: (argument) => header(argument, requestHeader),
  REQ_WITHOUT_QUERY: (argument) => header(argument, (record, name) => requestHeader(record, name)?.split('?')[0]),
  RESP: (argument) => header(argument, responseHeader),
  TRAILER: () => absent,
  START_TIME: timed('START_TIME', ({ start }) => start),
  START_TIME_LOCAL: timed('START_TIME_LOCAL', ({ start }) => start),
  EMIT_TIME: timed('EMIT_TIME', ({ start, duration }) => start + duration),
  DOWNSTREAM_PEER_CERT_V_START: () => absent,
  DOWNSTREAM_PEER_CERT_V_END: () => absent,
  UPSTREAM_PEER_CERT_V_START: () => absent,
  UPSTREAM_PEER_CERT_V_END: () => absent,
  GRPC_STATUS: (form) =>
    form === 'NUMBER'
      ? simple.GRPC_STATUS_NUMBER
      : form === '' || form === 'CAMEL_STRING'
        ? simple.GRPC_STATUS
        : absent,
  ENVIRONMENT: (name) => (record) => variable(record.pod.spec, name) ?? '-',
  PATH: pathOperator,
  QUERY_PARAM: (name) => (record) => queryOf(record).get(name) ?? undefined,
  QUERY_PARAMS: () => (record) => queryOf(record).toString() || undefined,
  CEL: celOperator,
  UPSTREAM_METADATA: (path) => (record) => inside({ istio: { workload: peerWorkload(record) } }, path, ':'),
  CLUSTER_METADATA: (path) => (record) => inside({ istio: { services: clusterServices(record) } }, path, ':'),
  METADATA: (argument) => {
    const [kind = '', ...path] = argument.split(':');
    if (kind === 'UPSTREAM_HOST') return withArgument.UPSTREAM_METADATA?.(path.join(':'));
    if (kind === 'ROUTE') return (record) => inside({ istio: { config: routeConfig(record) } }, path.join(':'), ':');
    return kind === 'CLUSTER' ? withArgument.CLUSTER_METADATA?.(path.join(':')) : absent;
  },
  DYNAMIC_METADATA: () => absent,
  FILTER_STATE: () => absent,
  UPSTREAM_FILTER_STATE: () => absent,
  COMMON_DURATION: () => () => 0,
};

function timed(name: string, at: (record: ProxyRecord) => number): (format: string) => ReadValue | undefined {
  return (format) => (format === '' ? simple[name] : (record) => strftime(at(record), format));
}

type ReadHeader = (record: ProxyRecord, name: string) => string | undefined;

/** `A?B`: the first that is there. */
function header(argument: string, read: ReadHeader): ReadValue {
  const names = argument.toLowerCase().split('?');
  return (record) => {
    for (const name of names) {
      const value = read(record, name);
      if (value !== undefined && value !== '') return clean(firstValue(value));
    }
    return undefined;
  };
}

function requestHeader({ request }: ProxyRecord, name: string): string | undefined {
  switch (name) {
    case ':method':
      return request?.method;
    case ':path':
      return request && (request.upstreamPath ?? request.path);
    case ':scheme':
      return request && 'http';
    case ':authority':
    case 'host':
      return request?.authority;
    default:
      return request && Object.hasOwn(request.headers, name) ? request.headers[name] : undefined;
  }
}

function responseHeader({ responseHeaders, status }: ProxyRecord, name: string): string | undefined {
  if (name === ':status') return status > 0 ? String(status) : undefined;
  return responseHeaders && Object.hasOwn(responseHeaders, name) ? responseHeaders[name] : undefined;
}

/** `WQ:ORIG`: with or without the query; the path as it came, as it went on, or whichever there is. */
function pathOperator(argument: string): ReadValue {
  const [query = 'WQ', which = 'ORIG_OR_PATH'] = argument.split(':');
  return ({ request }) => {
    if (!request) return undefined;
    const { path, upstreamPath } = request;
    if (which === 'ORIG' && upstreamPath === undefined) return undefined;
    const wanted = which === 'PATH' ? (upstreamPath ?? path) : path;
    return clean(query === 'NQ' ? (wanted.split('?')[0] ?? '') : wanted);
  };
}

function queryOf({ request }: ProxyRecord): URLSearchParams {
  return new URLSearchParams(request?.path.split('?').slice(1).join('?'));
}

function celOperator(expression: string): ReadValue {
  const read = compileCel(expression);
  return (record) => {
    const value = read(record);
    if (typeof value === 'string') return clean(value);
    if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    return value === null ? 'NULL' : undefined;
  };
}

/** `istio` or `istio:workload`. */
function inside(metadata: object, path: string, between: string): ReturnType<ReadValue> {
  let value: unknown = metadata;
  for (const name of path.split(between)) value = Object.hasOwn(fields(value), name) ? fields(value)[name] : undefined;
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null && JSON.stringify(value) !== '{}' ? value : undefined;
}

function variable(spec: unknown, name: string): string | undefined {
  const all = [fields(spec).containers, fields(spec).initContainers].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  const proxy = all.map(fields).find((container) => container.name === 'istio-proxy');
  const env = Array.isArray(proxy?.env) ? proxy.env.map(fields) : [];
  return text(env.find((one) => one.name === name)?.value);
}

/** What a client sends must not be able to end the line. */
function clean(value: string): string {
  return value.replace(/["\\\p{Cc}]/gu, '_');
}

const FLAG_NAMES: Readonly<Record<string, string>> = {
  LH: 'FailedLocalHealthCheck',
  UH: 'NoHealthyUpstream',
  UT: 'UpstreamRequestTimeout',
  LR: 'LocalReset',
  UR: 'UpstreamRemoteReset',
  UF: 'UpstreamConnectionFailure',
  UC: 'UpstreamConnectionTermination',
  UO: 'UpstreamOverflow',
  NR: 'NoRouteFound',
  DI: 'DelayInjected',
  FI: 'FaultInjected',
  RL: 'RateLimited',
  UAEX: 'UnauthorizedExternalService',
  DC: 'DownstreamConnectionTermination',
  URX: 'UpstreamRetryLimitExceeded',
  SI: 'StreamIdleTimeout',
  IH: 'InvalidEnvoyRequestHeaders',
  DPE: 'DownstreamProtocolError',
  NC: 'NoClusterFound',
};

const GRPC_NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  (
    'OK Canceled Unknown InvalidArgument DeadlineExceeded NotFound AlreadyExists PermissionDenied ResourceExhausted ' +
    'FailedPrecondition Aborted OutOfRange Unimplemented Internal Unavailable DataLoss Unauthenticated'
  )
    .split(' ')
    .map((name, code) => [code, name]),
);
