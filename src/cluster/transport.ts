// HTTP to one API server: a keep-alive agent, deadlines, and answers as values. Knows nothing of kinds.
import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { ClusterError } from './cluster-error.ts';
import type { WayIn } from './kubeconfig.ts';

export interface Call {
  method: string;
  /** With query. */
  path: string;
  body?: unknown;
  contentType?: string;
  /** Until the answer is whole, milliseconds. */
  timeout?: number;
  signal?: AbortSignal | undefined;
}

export interface Reply {
  status: number;
  /** Parsed when it is JSON, else the text. */
  body: unknown;
  retryAfter: number | undefined;
  /** The server's clock when it answered, milliseconds since 1970, to the second. */
  date?: number;
}

export interface Transport {
  /** For connections that are more than a request. */
  way(): Promise<WayIn>;
  /** Rejects with ClusterError `unreachable` when there is no answer; any status is an answer. */
  call(call: Call): Promise<Reply>;
  /** Opens a stream and hands over each line; settles when the stream ends. `onOpen` hears a 200's arrival. */
  lines(path: string, onOpen: () => void, onLine: (line: string) => void, signal: AbortSignal): Promise<Reply>;
}

const usualTimeout = 10_000;
/** API servers answer this while a new CRD is being set up, and when they are busy. */
const tooManyRequests = 429;
const patientTries = 4;

export function createTransport(wayIn: () => Promise<WayIn>): Transport {
  let known: Promise<{ way: WayIn; base: RequestOptions; plain: boolean }> | undefined;
  const prepare = async () => {
    const way = await wayIn();
    const plain = way.server.startsWith('http:');
    const agent = way.tls.agent ?? (plain ? new PlainAgent({ keepAlive: true }) : new Agent({ keepAlive: true }));
    return { way, plain, base: { ...way.tls, agent } };
  };
  const ready = () => {
    known ??= prepare().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };

  const open = async (call: Call, signal: AbortSignal): Promise<IncomingMessage> => {
    const { way, base, plain } = await ready();
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const headers = {
      accept: 'application/json',
      'user-agent': 'malla',
      ...(body === undefined
        ? {}
        : { 'content-type': call.contentType ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
      ...(await way.headers()),
    };
    const options = { ...base, method: call.method, headers, signal };
    const send = plain ? plainRequest : request;
    return new Promise((resolve, reject) => {
      const outgoing = send(`${way.server}${call.path}`, options, resolve);
      outgoing.on('socket', (socket) => socket.setKeepAlive(true, 15_000));
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        // A kept connection may have been closed by the server just before: that says nothing about the server.
        if (outgoing.reusedSocket && error.code === 'ECONNRESET' && call.method !== 'POST' && !signal.aborted)
          open(call, signal).then(resolve, reject);
        else reject(error);
      });
      outgoing.end(body);
    });
  };

  const once = async (call: Call): Promise<Reply> => {
    const { timeout = usualTimeout, signal } = call;
    const deadline = AbortSignal.timeout(timeout);
    try {
      const response = await open(call, signal ? AbortSignal.any([signal, deadline]) : deadline);
      return await replyOf(response);
    } catch (error) {
      signal?.throwIfAborted();
      throw unreachable(error, deadline.aborted ? timeout : undefined);
    }
  };

  return {
    way: async () => (await ready()).way,
    async call(call) {
      for (let attempt = 1; ; attempt++) {
        const reply = await once(call);
        if (reply.status !== tooManyRequests || attempt === patientTries) return reply;
        await sleep(Math.min((reply.retryAfter ?? 1) * 1000, 5_000), call.signal);
      }
    },
    async lines(path, onOpen, onLine, signal) {
      try {
        const connecting = new AbortController();
        const timer = setTimeout(() => connecting.abort(), usualTimeout);
        const both = AbortSignal.any([signal, connecting.signal]);
        const response = await open({ method: 'GET', path }, both).finally(() => clearTimeout(timer));
        if (response.statusCode !== 200) return await replyOf(response);
        onOpen();
        let rest = '';
        response.setEncoding('utf8');
        for await (const chunk of response as AsyncIterable<string>) {
          const parts = (rest + chunk).split('\n');
          rest = parts.pop() ?? '';
          for (const part of parts) if (part) onLine(part);
        }
        return { status: 200, body: undefined, retryAfter: undefined };
      } catch (error) {
        signal.throwIfAborted();
        throw unreachable(error, undefined);
      }
    },
  };
}

async function replyOf(response: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  const retryAfter = Number(response.headers['retry-after']);
  const date = Date.parse(response.headers.date ?? '');
  return {
    ...(Number.isNaN(date) ? {} : { date }),
    status: response.statusCode ?? 0,
    body: parseBody(text),
    retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined,
  };
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function unreachable(error: unknown, timeout: number | undefined): ClusterError {
  if (error instanceof ClusterError) return error;
  const detail =
    timeout === undefined
      ? error instanceof Error
        ? error.message || String((error as NodeJS.ErrnoException).code ?? error.name)
        : String(error)
      : `sin respuesta en ${timeout / 1000} s`;
  return new ClusterError('unreachable', detail, { cause: error });
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
  });
}
