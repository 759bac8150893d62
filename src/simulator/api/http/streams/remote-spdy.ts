// exec and attach over SPDY: a stream for each channel, opened by the client and named by its header.
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createByteQueue } from '../../../exec/queue.ts';
import { MOST_UNSENT, outcomeOf, outcomeText, type RemoteOptions, type RemoteRun } from './remote-command.ts';
import { type SpdyStream, serveSpdy } from './spdy-connection.ts';

export const remoteSpdyProtocols = [
  'v4.channel.k8s.io',
  'v3.channel.k8s.io',
  'v2.channel.k8s.io',
  'channel.k8s.io',
] as const;

/** How long a client may take to open its streams. */
const OPENING = 30_000;
/** How long a client may take to hang up once it has been told all. */
const LEAVING = 5_000;
/** How long until it is told that this is all. */
const PARTING = 50;

export function serveRemoteSpdy(
  socket: Duplex,
  protocol: string,
  options: RemoteOptions,
  run: RemoteRun,
  onBug: (error: unknown) => void,
): void {
  const gone = new AbortController();
  const stdin = createByteQueue();
  const streams = new Map<string, SpdyStream>();
  const { modern, wanted } = expectations(protocol, options);
  let started = false;
  const late = setTimeout(() => socket.destroy(), OPENING);
  const connection = serveSpdy(socket, {
    onStream(stream) {
      const type = stream.headers.streamtype ?? '';
      if (!wanted.includes(type) || streams.has(type)) return void stream.destroy();
      streams.set(type, stream);
      if (type === 'stdin') void feed(stream);
      // Sizes of a terminal that no program looks at.
      else if (type === 'resize') stream.resume();
      else if (type === 'error') stream.resume();
      if (!started && wanted.every((name) => streams.has(name))) {
        started = true;
        clearTimeout(late);
        void perform();
      }
    },
    onClose() {
      clearTimeout(late);
      stdin.end();
      gone.abort();
    },
  });
  if (!options.stdin) stdin.end();

  async function feed(stream: SpdyStream): Promise<void> {
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        stdin.push(chunk);
        await stdin.drained();
      }
    } catch {
      // The client went away.
    }
    stdin.end();
  }

  async function perform(): Promise<void> {
    const status = await outcomeOf(
      protocol,
      run({
        stdin,
        stdout: (chunk) => void streams.get('stdout')?.write(chunk),
        stderr: (chunk) => void streams.get('stderr')?.write(chunk),
        drained,
        signal: gone.signal,
      }),
      onBug,
    );
    const text = modern ? JSON.stringify(status) : outcomeText(status);
    streams.get('error')?.end(text === '' ? undefined : text);
    for (const name of ['stdout', 'stderr']) streams.get(name)?.end();
    const written = ['error', 'stdout', 'stderr'].flatMap((name) => streams.get(name) ?? []);
    // A client that has gone away finishes nothing.
    await Promise.allSettled(written.map((stream) => finished(stream, { readable: false })));
    // The client hangs up when it has read to the ends.
    setTimeout(() => connection.close(), PARTING).unref();
    setTimeout(() => connection.destroy(), LEAVING).unref();
  }

  async function drained(): Promise<void> {
    while (unsent() > MOST_UNSENT && !gone.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  function unsent(): number {
    return socket.writableLength + [...streams.values()].reduce((sum, s) => sum + s.writableLength, 0);
  }
}

function expectations(protocol: string, { stdin, stdout, stderr, tty }: RemoteOptions) {
  const version = Number(/^v(\d)\./.exec(protocol)?.[1] ?? 1);
  return {
    modern: version >= 4,
    wanted: [
      'error',
      ...(stdin ? ['stdin'] : []),
      ...(stdout ? ['stdout'] : []),
      ...(stderr && !tty ? ['stderr'] : []),
      ...(tty && version >= 3 ? ['resize'] : []),
    ],
  };
}
