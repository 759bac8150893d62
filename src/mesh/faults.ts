// `fault`: what a client's proxy does to requests before it routes them: hold them back, then answer by itself.
import type { Reply, Source } from './decision.ts';
import type { MeshRequest } from './engine.ts';
import { grpcCode } from './grpc-status.ts';
import { probabilityOf } from './percentage.ts';
import { fields, integer, present, text } from './read.ts';
import { milliseconds } from './upstream/duration.ts';

export interface Fault {
  /** Of the block `fault`. */
  source: Source;
  delay?: { probability: number; milliseconds: number };
  abort?: Abort;
}

interface Abort {
  probability: number;
  status: number;
  /** The request ends as a gRPC call with this status. */
  grpcStatus?: number;
}

export function compileFault(spec: unknown, source: Source): Fault | undefined {
  const { delay, abort } = fields(spec);
  const held = readDelay(delay);
  const aborted = readAbort(abort);
  if (!held && !aborted) return undefined;
  return { source, ...(held && { delay: held }), ...(aborted && { abort: aborted }) };
}

/** What the client gets. `route` is the name of the route for the log. */
export function abortReply(abort: Abort, request: MeshRequest, cluster: string | undefined, route: string): Reply {
  const body = 'fault filter abort';
  const about = { flags: ['FI' as const], details: 'fault_filter_abort', route, ...(cluster && { cluster }) };
  if (!isGrpc(request)) {
    return { kind: 'reply', status: abort.status, headers: { 'content-type': 'text/plain' }, body, ...about };
  }
  const grpcStatus = abort.grpcStatus ?? grpcStatusOf(abort.status);
  const headers = { 'content-type': 'application/grpc', 'grpc-status': String(grpcStatus), 'grpc-message': body };
  return { kind: 'reply', status: 200, headers, body: '', ...about };
}

function readDelay(spec: unknown): Fault['delay'] {
  const { fixedDelay, percentage, percent } = fields(spec);
  const time = milliseconds(fixedDelay);
  // Without a percentage nothing is ever held back.
  const share = probabilityOf(percentage, percent, 0);
  return time !== undefined && time > 0 && share > 0 ? { milliseconds: time, probability: share } : undefined;
}

function readAbort(spec: unknown): Abort | undefined {
  const { httpStatus, grpcStatus, percentage } = fields(spec);
  const share = probabilityOf(percentage, undefined, 0);
  if (share === 0) return undefined;
  const status = integer(httpStatus);
  if (present(grpcStatus)) {
    return { probability: share, status: 200, grpcStatus: grpcCode((text(grpcStatus) ?? '').toUpperCase()) ?? 2 };
  }
  return status !== undefined && status >= 200 && status <= 599 ? { probability: share, status } : undefined;
}

function isGrpc({ headers }: MeshRequest): boolean {
  const type = Object.hasOwn(headers, 'content-type') ? headers['content-type'] : undefined;
  return typeof type === 'string' && /^application\/grpc(?:$|[+;])/.test(type);
}

/** As Envoy translates its own answers for gRPC clients. */
function grpcStatusOf(status: number): number {
  switch (status) {
    case 400:
      return 13;
    case 401:
      return 16;
    case 403:
      return 7;
    case 404:
      return 12;
    case 429:
    case 502:
    case 503:
    case 504:
      return 14;
    default:
      return 2;
  }
}
