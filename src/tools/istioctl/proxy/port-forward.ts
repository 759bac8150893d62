// HTTP requests to a port of a pod through the API server: how istioctl reaches Envoy's admin page and istiod.
import { type IncomingMessage, request } from 'node:http';
import { Duplex } from 'node:stream';
import { kubeconfigPath } from '../../kubeconfig-path.ts';
import { createApi } from '../../kubectl/api.ts';
import { type ChannelSocket, openChannels } from '../../kubectl/channel-socket.ts';
import { ToolError } from '../../tool.ts';
import type { Invocation } from '../commands/command.ts';

export interface PodPort {
  namespace: string;
  pod: string;
  port: number;
}

const [DATA, ERROR] = [0, 1];

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
export async function openStream(invocation: Invocation, { namespace, pod, port }: PodPort): Promise<Duplex> {
  const { flags, env, signal, streams } = invocation;
  const context = flags.text('context');
  const api = createApi({
    kubeconfig: kubeconfigPath(flags.text('kubeconfig'), { env }),
    ...(context !== undefined && { context }),
    signal,
    warn: (message) => streams.stderr.write(`Warning: ${message}\n`),
  });
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward?ports=${port}`;
  return channelStream((receive) => openChannels({ api, signal }, { path, protocols: ['v4.channel.k8s.io'], receive }));
}

type Receive = (channel: number, bytes: Buffer) => void;

async function channelStream(open: (receive: Receive) => Promise<ChannelSocket>): Promise<Duplex> {
  const told = new Set<number>();
  let problem = '';
  const early: Buffer[] = [];
  let stream: Duplex | undefined;
  const socket = await open((channel, bytes) => {
    // The first message of each channel repeats the port.
    if (!told.has(channel)) told.add(channel);
    else if (channel === ERROR) problem += bytes.toString('utf8');
    else if (channel === DATA && stream) stream.push(bytes);
    else if (channel === DATA) early.push(bytes);
  });
  const duplex = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      socket.send(DATA, chunk);
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
