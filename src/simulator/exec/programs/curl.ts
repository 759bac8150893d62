// curl in a pod: Malla's own, over the pod's network and the container's files.
import { PassThrough, Readable, type Writable } from 'node:stream';
import { curlIn } from '../../../tools/curl/curl.ts';
import type { FileSink, World } from '../../../tools/curl/world.ts';
import { FileError, resolvePath } from '../files.ts';
import type { Program, ProgramStreams } from '../program.ts';
import { sendFromPod } from './pod-network.ts';
import { sendSecurely } from './pod-tls.ts';

export const curl: Program = async (argv, streams) => {
  const [stdout, stderr] = [writable(streams.stdout), writable(streams.stderr)];
  const code = await curlIn(podWorld(streams), [...argv], {
    streams: { stdin: Readable.from(streams.stdin), stdout, stderr },
    env: { ...streams.env },
    cwd: streams.cwd,
    signal: streams.signal,
  });
  await streams.drained();
  return code;
};

/** Written at once: what comes after must not overtake it. */
function writable(write: (chunk: Uint8Array) => void): Writable {
  const stream = new PassThrough();
  const own = Object.create(stream) as PassThrough;
  own.write = ((chunk: string | Uint8Array) => {
    write(Buffer.from(chunk));
    return true;
  }) as PassThrough['write'];
  return own;
}

export function podWorld(streams: ProgramStreams): World {
  const { machine, cwd } = streams;
  return {
    send(request, progress) {
      const way = request.url.protocol === 'https:' ? sendSecurely : sendFromPod;
      return way(machine, request, progress);
    },
    read: async (path) => machine.files.read(resolvePath(cwd, path)),
    create: (path) => fileSink(streams, path),
  };
}

function fileSink({ machine: { files }, cwd }: ProgramStreams, path: string): FileSink {
  const place = resolvePath(cwd, path);
  let failed: FileError | undefined;
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      failed = error;
    }
  };
  attempt(() => files.write(place, new Uint8Array()));
  return {
    write: (chunk) => attempt(() => files.append(place, Buffer.from(chunk))),
    async close() {
      if (failed) throw failed;
    },
  };
}
