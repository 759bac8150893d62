// The network of a pod as curl sees it: a request goes by the pod's DNS, its sidecar and the mesh.
import { STATUS_CODES } from 'node:http';
import { duplexPair, Readable } from 'node:stream';
import { addHeader, valuesOf } from '../../../mesh/repeated-headers.ts';
import type { Connection, Progress, Request } from '../../../tools/curl/world.ts';
import { CallError, type HttpReply, type HttpRequest, type Tunnel } from '../../contract.ts';
import type { Machine } from '../program.ts';

/** What is not refused by then has a connection. */
const CONNECTED = 20;

/** As World.send has it, for plain HTTP. */
export function sendFromPod(machine: Machine, request: Request, progress: Progress): () => void {
  let given = false;
  let connected = false;
  const giveUp = (): void => {
    given = true;
    clearTimeout(timer);
  };
  const connect = (): void => {
    if (given || connected) return;
    connected = true;
    const { url, port, address } = request;
    const remoteAddress = address ?? addressOf(machine, url.hostname);
    progress.resolved(remoteAddress);
    progress.connected(connectionTo(machine, remoteAddress, port));
  };
  const timer = setTimeout(connect, CONNECTED);
  request.signal.addEventListener('abort', giveUp, { once: true });
  void ask(machine, request).then(
    (reply) => {
      clearTimeout(timer);
      connect();
      if (given) return;
      progress.answered({
        httpVersion: '1.1',
        status: reply.status,
        phrase: STATUS_CODES[reply.status] ?? 'Unknown',
        headers: Object.entries(reply.headers).flatMap(([name, value]) =>
          valuesOf(value).map((one): [string, string] => [name, one]),
        ),
        body: reply.tunnel ? opened(reply.tunnel, request.signal) : Readable.from([bodyOf(request, reply)]),
      });
    },
    (error: unknown) => {
      clearTimeout(timer);
      const problem = systemError(error);
      // Its own limit says it, in its own words.
      if (problem.code === 'ETIMEDOUT' && request.limit !== undefined) return;
      if (problem.code === 'ECONNRESET' || problem.code === 'ETIMEDOUT') connect();
      if (!given) progress.failed(problem);
    },
  );
  return giveUp;
}

/** What is told of a connection of the pod. */
export function connectionTo(machine: Machine, remoteAddress: string | undefined, remotePort: number): Connection {
  return { remoteAddress, remotePort, localAddress: podAddress(machine), localPort: LOCAL_PORT };
}

const bodyOf = ({ method }: Request, { body }: HttpReply) => Buffer.from(method === 'HEAD' ? '' : body);

/** curl says nothing in the other protocol: it shows what comes until the end, or until it is stopped. */
function opened(tunnel: Tunnel, signal: AbortSignal): Readable {
  const [near, far] = duplexPair();
  signal.addEventListener('abort', () => near.destroy(), { once: true });
  tunnel.take(far);
  return near;
}

/** Nobody listens there: what curl shows of its own end. */
const LOCAL_PORT = 40_000;

async function ask({ context }: Machine, request: Request): Promise<HttpReply> {
  if (!context) throw failure('ENOTFOUND', 'no network');
  return context.call(requestOf(request), request.limit);
}

function requestOf({
  url,
  port,
  method,
  target: path,
  version,
  headers,
  body,
  address,
  destination,
}: Request): HttpRequest {
  const own: Record<string, string> = {};
  let authority = url.host;
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    if (key === 'host') authority = value;
    // A length that is the body's own says nothing new.
    else if (key !== 'content-length' || Number(value) !== (body?.length ?? 0)) addHeader(own, key, value, 'request');
  }
  const target = destination ? `${destination.host}:${destination.port}` : `${address ?? url.hostname}:${port}`;
  const written = authority.includes(':') ? authority : `${authority}:${port}`;
  return {
    method,
    path,
    authority,
    headers: own,
    ...(body ? { body } : {}),
    ...(version === '1.0' ? { version: 'HTTP/1.0' as const } : {}),
    ...(written === target ? {} : { connectTo: target }),
  };
}

/** As the system would say it. */
export function systemError(error: unknown): NodeJS.ErrnoException {
  if (!(error instanceof CallError)) return error instanceof Error ? error : new Error(String(error));
  switch (error.failure) {
    case 'dns':
      return failure('ENOTFOUND', error.message);
    case 'refused':
      return failure('ECONNREFUSED', error.message);
    case 'timeout':
      return failure('ETIMEDOUT', error.message);
    case 'reset':
      // curl tells a server that closes without a word from one that resets.
      return failure('ECONNRESET', /empty reply/i.test(error.message) ? 'socket hang up' : error.message);
  }
}

export function failure(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}

function podAddress({ pod, context }: Machine): string {
  const { podIP = '' } = ((context?.pod ?? pod).status ?? {}) as { podIP?: string };
  return podIP;
}

/** ClusterIP of a Service, by any of its names. */
export function addressOf(machine: Machine, host: string): string | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return host;
  if (host === 'localhost') return '127.0.0.1';
  const [name = '', namespace = machine.pod.metadata.namespace, kind = 'svc', ...rest] = host
    .replace(/\.$/, '')
    .split('.');
  if (kind !== 'svc' || !['', 'cluster.local', 'cluster'].includes(rest.join('.'))) return undefined;
  const { clusterIP } = (machine.context?.api?.get('services', namespace, name)?.spec ?? {}) as { clusterIP?: string };
  return clusterIP === 'None' ? undefined : clusterIP;
}
