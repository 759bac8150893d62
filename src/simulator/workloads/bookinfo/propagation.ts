// Which request headers Bookinfo's services hand on, so that traces hold together and header routing reaches the depths.
import type { HttpRequest } from '../../contract.ts';

const TRACING = [
  'x-request-id',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'x-ot-span-context',
  'x-datadog-trace-id',
  'x-datadog-parent-id',
  'x-datadog-sampling-priority',
  'traceparent',
  'tracestate',
  'x-cloud-trace-context',
  'grpc-trace-bin',
  'sw8',
  'user-agent',
  'cookie',
  'authorization',
  'jwt',
];

/** productpage: end-user is the session's user; a header of that name from the client goes no further. */
export function headersWithUser({ headers }: HttpRequest, user: string | undefined): Record<string, string> {
  const own = pick(headers, TRACING);
  return user === undefined ? own : { ...own, 'end-user': user };
}

/** reviews and details hand on end-user as it came. */
export function propagatedHeaders({ headers }: HttpRequest): Record<string, string> {
  return pick(headers, [...TRACING, 'end-user']);
}

function pick(headers: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (typeof value === 'string') picked[name] = value;
  }
  return picked;
}
