// HTTP requests to a port of a pod through the API server: how istioctl reaches Envoy's admin page and istiod.
import { type IncomingMessage, request } from 'node:http';
import { Duplex } from 'node:stream';
import { dataChannel, type PodPort, podPortChannels } from '../../../cluster/entry/pod-port.ts';
import { openChannels } from '../../kubectl/channel-socket.ts';
import { ToolError } from '../../tool.ts';
import { apiOf, type Invocation } from '../commands/command.ts';

export type { PodPort } from '../../../cluster/entry/pod-port.ts';

export interface PodRequestOptions {
  body?: string;
  /** Statuses that are well; 200 unless said. */
  accepts?: readonly number[];
}

/** Resolves with the body; rejects with ToolError for a status that is not expected. */
export async function podRequest(
  invocation: Invocation,
  target: PodPort,
  method: string,
  path: string,
  { body, accepts = [200] }: PodRequestOptions = {},
): Promise<string> {
  const stream = await openStream(invocation, target);
  try {
    const request = { method, path: `/${path.replace(/^\//, '')}`, body };
    const reply = await send(stream, request, invocation.signal);
    if (!accepts.includes(reply.status)) throw new ToolError(`unexpected status code: ${reply.status}`);
    return reply.body;
  } finally {
    stream.destroy();
  }
}

/** The bytes of one connection to the port. */
async function openStream(invocation: Invocation, target: PodPort): Promise<Duplex> {
  const { signal } = invocation;
  let problem = '';
  const early: Buffer[] = [];
  let stream: Duplex | undefined;
  const socket = await openChannels(
    { api: apiOf(invocation), signal },
    podPortChannels(target, {
      data: (bytes) => void (stream ? stream.push(bytes) : early.push(bytes)),
      problem: (text) => {
        problem += text;
      },
    }),
  );
  const duplex = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      socket.send(dataChannel, chunk);
      done();
    },
    destroy(error, done) {
      socket.close();
      done(error);
    },
  });
  stream = duplex;
  for (const bytes of early) duplex.push(bytes);
  void socket.closed.then(() => {
    if (problem) duplex.destroy(new ToolError(`error port-forwarding: ${problem.trim()}`));
    else duplex.push(null);
  });
  return duplex;
}

function send(
  stream: Duplex,
  { method, path, body }: { method: string; path: string; body: string | undefined },
  signal: AbortSignal,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      { createConnection: () => stream, method, path, signal, host: 'localhost', headers: { connection: 'close' } },
      (reply: IncomingMessage) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('error', reject);
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
