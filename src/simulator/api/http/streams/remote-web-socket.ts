// exec and attach over WebSocket: one message is one piece of one channel, its first byte says which.
import type { RawData, WebSocket } from 'ws';
import { createByteQueue } from '../../../exec/queue.ts';
import { MOST_UNSENT, outcomeOf, outcomeText, type RemoteOptions, type RemoteRun } from './remote-command.ts';

export const remoteWebSocketProtocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
] as const;

const [STDIN, STDOUT, STDERR, ERROR, CLOSE] = [0, 1, 2, 3, 255];
const PING_EVERY = 30_000;

export async function serveRemoteWebSocket(
  socket: WebSocket,
  protocol: string,
  options: RemoteOptions,
  run: RemoteRun,
  onBug: (error: unknown) => void,
): Promise<void> {
  const base64 = protocol.includes('base64');
  const gone = new AbortController();
  const stdin = createByteQueue();
  if (!options.stdin) stdin.end();
  socket.on('message', (message) => take(bytesOf(message)));
  socket.on('close', () => {
    stdin.end();
    gone.abort();
  });
  const alive = setInterval(() => socket.ping(), PING_EVERY);
  alive.unref();
  // The first message says that the way is open.
  send(options.stdout ? STDOUT : ERROR, new Uint8Array());

  const status = await outcomeOf(
    protocol,
    run({
      stdin,
      stdout: (chunk) => (options.stdout ? send(STDOUT, chunk) : undefined),
      stderr: (chunk) => (options.stderr && !options.tty ? send(STDERR, chunk) : undefined),
      drained,
      signal: gone.signal,
    }),
    onBug,
  );
  clearInterval(alive);
  const modern = protocol.startsWith('v4') || protocol.startsWith('v5');
  const text = modern ? JSON.stringify(status) : outcomeText(status);
  if (text !== '') send(ERROR, Buffer.from(text));
  socket.close(1000);

  function take(message: Buffer): void {
    const channel = base64 ? (message[0] ?? 0) - 48 : message[0];
    const body = base64 ? Buffer.from(message.toString('latin1', 1), 'base64') : message.subarray(1);
    if (channel === STDIN && options.stdin) stdin.push(body);
    else if (channel === CLOSE && body[0] === STDIN && protocol.startsWith('v5')) stdin.end();
  }

  function send(channel: number, chunk: Uint8Array): void {
    if (socket.readyState !== socket.OPEN) return;
    if (base64) socket.send(`${channel}${Buffer.from(chunk).toString('base64')}`);
    else socket.send(Buffer.concat([Buffer.of(channel), chunk]));
  }

  async function drained(): Promise<void> {
    while (socket.bufferedAmount > MOST_UNSENT && !gone.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

export function bytesOf(message: RawData): Buffer {
  if (Array.isArray(message)) return Buffer.concat(message);
  return Buffer.isBuffer(message) ? message : Buffer.from(message);
}
