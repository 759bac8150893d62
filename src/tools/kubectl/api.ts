// Requests to the API server as kubectl makes them: content negotiation, warnings on stderr, errors in kubectl's words.
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { ClusterError } from '../../cluster/cluster-error.ts';
import { readKubeconfig, type WayIn } from '../../cluster/kubeconfig.ts';
import { ToolError } from '../tool.ts';
import { type Status, StatusError } from './status-error.ts';

export interface ApiRequest {
  method?: string;
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  contentType?: string;
  accept?: string;
}

export interface Api {
  /** The parsed JSON of a success; rejects with StatusError otherwise. */
  json<T>(request: ApiRequest): Promise<T>;
  /** Undefined on 404. */
  find<T>(request: ApiRequest): Promise<T | undefined>;
  text(request: ApiRequest): Promise<string>;
  /** Chunks as they come, until the server ends or the signal aborts. */
  stream(request: ApiRequest, signal: AbortSignal): AsyncGenerator<Buffer>;
  /** For connections that are more than a request. */
  way(): Promise<WayIn>;
}

export interface ApiOptions {
  kubeconfig: string;
  context?: string | undefined;
  signal: AbortSignal;
  warn(message: string): void;
}

export const tableAccept =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

export function createApi({ kubeconfig, context, signal, warn }: ApiOptions): Api {
  let known: Promise<{ way: WayIn; agent: PlainAgent }> | undefined;
  const prepare = () => {
    known ??= readKubeconfig(kubeconfig, context).then((way) => ({ way, agent: agentFor(way) }));
    return known;
  };

  const send = async (request: ApiRequest, abort: AbortSignal): Promise<IncomingMessage> => {
    const { way, agent } = await reach(prepare());
    const body = request.body === undefined ? undefined : Buffer.from(bodyText(request.body));
    const headers = {
      accept: request.accept ?? 'application/json',
      'user-agent': 'kubectl/malla',
      ...(body ? { 'content-type': request.contentType ?? 'application/json', 'content-length': body.length } : {}),
      ...(await way.headers()),
    };
    const url = `${way.server}${request.path}${queryText(request.query)}`;
    const options = { ...way.tls, agent, method: request.method ?? 'GET', headers, signal: abort };
    const message = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = (url.startsWith('http:') ? plainRequest : tlsRequest)(url, options, resolve);
      outgoing.on('error', (error) => reject(abort.aborted ? error : unreachable(error, way.server)));
      outgoing.end(body);
    });
    for (const warning of warningsOf(message)) warn(warning);
    return message;
  };

  const answer = async (request: ApiRequest): Promise<{ status: number; text: string }> => {
    const message = await send(request, signal);
    return { status: message.statusCode ?? 0, text: await textOf(message) };
  };
  const good = (reply: { status: number; text: string }): string => {
    if (reply.status >= 200 && reply.status < 300) return reply.text;
    throw new StatusError(statusOf(reply));
  };

  return {
    json: async <T>(request: ApiRequest) => JSON.parse(good(await answer(request))) as T,
    async find<T>(request: ApiRequest) {
      const reply = await answer(request);
      return reply.status === 404 ? undefined : (JSON.parse(good(reply)) as T);
    },
    way: async () => (await reach(prepare())).way,
    text: async (request) => good(await answer(request)),
    async *stream(request, abort) {
      const message = await send(request, AbortSignal.any([signal, abort]));
      if ((message.statusCode ?? 0) >= 300) good({ status: message.statusCode ?? 0, text: await textOf(message) });
      try {
        for await (const chunk of message as AsyncIterable<Buffer>) yield chunk;
      } catch (error) {
        if (!abort.aborted && !signal.aborted) throw error;
      }
    },
  };
}

function agentFor(way: WayIn): PlainAgent {
  const options = { keepAlive: true };
  return way.server.startsWith('http:') ? new PlainAgent(options) : new TlsAgent(options);
}

async function reach<T>(ready: Promise<T>): Promise<T> {
  try {
    return await ready;
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'kubeconfig')
      throw new ToolError(`error: ${error.detail}. Comprueba KUBECONFIG o usa --kubeconfig.`);
    throw error;
  }
}

/** Patches in YAML arrive as text; the rest is an object. */
const bodyText = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body));

function queryText(query: ApiRequest['query'] = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function statusOf({ status, text }: { status: number; text: string }): Status {
  try {
    const parsed = JSON.parse(text) as Status;
    if (parsed.kind === 'Status') return { ...parsed, code: parsed.code ?? status };
  } catch {
    // Not the API server's own answer: a proxy's, or a body in another format.
  }
  return { kind: 'Status', code: status, message: text.trim() || `HTTP ${status}` };
}

/** `299 - "text"`, several on one line. */
function warningsOf(message: IncomingMessage): string[] {
  const header = message.headers.warning;
  if (typeof header !== 'string') return [];
  return [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((m) => (m[1] ?? '').replace(/\\(.)/g, '$1'));
}

function unreachable(error: NodeJS.ErrnoException, server: string): ToolError {
  const { host } = new URL(server);
  if (error.code === 'ECONNREFUSED')
    return new ToolError(`The connection to the server ${host} was refused - did you specify the right host or port?`);
  return new ToolError(`Unable to connect to the server: ${error.message}`);
}
