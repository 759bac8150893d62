// What each operator of an access log format tells of a request. What no proxy here knows is absent.
import { fields, text } from '../../mesh/read.ts';
import { firstValue } from '../../mesh/repeated-headers.ts';
import type { ProxyRecord } from '../contract.ts';

/** Undefined: there is nothing to tell. */
export type ReadValue = (record: ProxyRecord) => string | number | undefined;

/** `length`: of what is told no more than so many characters. */
export function readOperator(name: string, argument: string, length: number | undefined): ReadValue {
  const read = withArgument(name, argument) ?? simple[name] ?? absent;
  if (length === undefined) return read;
  return (record) => {
    const value = read(record);
    return typeof value === 'string' ? value.slice(0, length) : value;
  };
}

const absent: ReadValue = () => undefined;
const whole = (milliseconds: number): number => Math.trunc(milliseconds);
const withoutPort = (address: string | undefined): string | undefined => address?.replace(/:\d+$/, '');
const portOf = (address: string | undefined): number | undefined => {
  const port = /:(\d+)$/.exec(address ?? '')?.[1];
  return port === undefined ? undefined : Number(port);
};

const simple: Readonly<Record<string, ReadValue>> = {
  START_TIME: ({ start }) => new Date(start).toISOString(),
  PROTOCOL: ({ request }) => request && (request.version ?? 'HTTP/1.1'),
  RESPONSE_CODE: ({ status }) => status,
  RESPONSE_CODE_DETAILS: ({ details }) => details,
  RESPONSE_FLAGS: ({ flags }) => (flags.length > 0 ? flags.join(',') : '-'),
  CONNECTION_TERMINATION_DETAILS: ({ termination }) => termination,
  UPSTREAM_TRANSPORT_FAILURE_REASON: ({ transportFailure }) => transportFailure,
  BYTES_RECEIVED: ({ bytesReceived }) => bytesReceived,
  BYTES_SENT: ({ bytesSent }) => bytesSent,
  DURATION: ({ duration }) => whole(duration),
  REQUEST_DURATION: ({ request }) => request && 0,
  RESPONSE_DURATION: ({ upstreamTime }) => (upstreamTime === undefined ? undefined : whole(upstreamTime)),
  UPSTREAM_HOST: ({ upstreamHost }) => upstreamHost,
  UPSTREAM_CLUSTER: ({ cluster }) => cluster,
  UPSTREAM_CLUSTER_RAW: ({ cluster }) => cluster,
  UPSTREAM_LOCAL_ADDRESS: ({ upstreamLocal }) => upstreamLocal,
  UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: ({ upstreamLocal }) => withoutPort(upstreamLocal),
  UPSTREAM_REMOTE_ADDRESS: ({ upstreamHost }) => upstreamHost,
  UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: ({ upstreamHost }) => withoutPort(upstreamHost),
  UPSTREAM_REMOTE_PORT: ({ upstreamHost }) => portOf(upstreamHost),
  DOWNSTREAM_LOCAL_ADDRESS: ({ downstreamLocal }) => downstreamLocal,
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: ({ downstreamLocal }) => withoutPort(downstreamLocal),
  DOWNSTREAM_LOCAL_PORT: ({ downstreamLocal }) => portOf(downstreamLocal),
  DOWNSTREAM_REMOTE_ADDRESS: ({ downstreamRemote }) => downstreamRemote,
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: ({ downstreamRemote }) => withoutPort(downstreamRemote),
  DOWNSTREAM_REMOTE_PORT: ({ downstreamRemote }) => portOf(downstreamRemote),
  REQUESTED_SERVER_NAME: ({ serverName }) => serverName && clean(serverName),
  ROUTE_NAME: ({ route }) => (route === '-' ? undefined : route),
  HOSTNAME: ({ pod }) => pod.metadata.name,
  GRPC_STATUS_NUMBER: ({ grpcStatus }) => (grpcStatus === undefined ? undefined : Number(grpcStatus)),
  TRACE_ID: ({ trace }) => trace?.traceId,
  DOWNSTREAM_PEER_URI_SAN: ({ reporter, sourcePrincipal }) =>
    reporter === 'destination' ? sourcePrincipal : undefined,
  DOWNSTREAM_LOCAL_URI_SAN: ({ reporter, destinationPrincipal }) =>
    reporter === 'destination' ? destinationPrincipal : undefined,
};

function withArgument(name: string, argument: string): ReadValue | undefined {
  switch (name) {
    case 'REQ':
      return header(argument);
    case 'RESP':
      return argument.toLowerCase().split('?').includes('x-envoy-upstream-service-time')
        ? ({ upstreamTime }) => (upstreamTime === undefined ? undefined : String(whole(upstreamTime)))
        : absent;
    case 'START_TIME':
      return argument === '' ? undefined : ({ start }) => formatTime(start, argument);
    case 'ENVIRONMENT':
      return ({ pod }) => variable(pod.spec, argument);
    default:
      return undefined;
  }
}

/** `A?B`: the first that is there. */
function header(argument: string): ReadValue {
  const names = argument.toLowerCase().split('?');
  return ({ request }) => {
    if (!request) return undefined;
    for (const name of names) {
      const value = requestHeader(request, name);
      if (value !== undefined && value !== '') return clean(firstValue(value));
    }
    return undefined;
  };
}

function requestHeader(request: NonNullable<ProxyRecord['request']>, name: string): string | undefined {
  switch (name) {
    case ':method':
      return request.method;
    // The path that the client asked for is kept; where a rule changed it, that is its original.
    case ':path':
    case 'x-envoy-original-path':
      return request.path;
    case ':authority':
    case 'host':
      return request.authority;
    default:
      return Object.hasOwn(request.headers, name) ? request.headers[name] : undefined;
  }
}

function variable(spec: unknown, name: string): string | undefined {
  const all = [fields(spec).containers, fields(spec).initContainers].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  const proxy = all.map(fields).find((container) => container.name === 'istio-proxy');
  const env = Array.isArray(proxy?.env) ? proxy.env.map(fields) : [];
  return text(env.find((one) => one.name === name)?.value);
}

/** strftime, as far as logs use it. */
function formatTime(start: number, format: string): string {
  const date = new Date(start);
  const iso = date.toISOString();
  const milliseconds = iso.slice(20, 23);
  const parts: Record<string, string> = {
    Y: iso.slice(0, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    H: iso.slice(11, 13),
    M: iso.slice(14, 16),
    S: iso.slice(17, 19),
    F: iso.slice(0, 10),
    T: iso.slice(11, 19),
    s: String(Math.floor(start / 1000)),
    Z: 'UTC',
    z: '+0000',
    '3f': milliseconds,
    '6f': `${milliseconds}000`,
    f: `${milliseconds}000000`,
  };
  return format.replace(/%([36]?f|[YmdHMSFTsZz])/g, (_, part: string) => parts[part] ?? '');
}

/** What a client sends must not be able to end the line. */
function clean(value: string): string {
  return value.replace(/["\\\p{Cc}]/gu, '_');
}
