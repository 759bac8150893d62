// nc HOST PORT: standard input goes to a TCP connection, and what comes back is written.
import type { Duplex } from 'node:stream';
import { CallError } from '../../contract.ts';
import type { ProgramStreams } from '../program.ts';
import { define, ProgramError } from './define.ts';

export const nc = define('nc', 'w:vz', async ({ flags, values, rest }, streams) => {
  const [host, port] = [rest[0] ?? '', Number(rest[1])];
  if (!host || !Number.isInteger(port) || port < 1 || port > 65_535) throw new ProgramError('missing host or port');
  const connection = open(streams, host, port);
  if (flags.has('v')) streams.stderr(`${host} (${host}:${port}) open\n`);
  if (flags.has('z')) return void connection.destroy();
  const idle = Number(values.get('w') ?? 0) * 1000;
  return exchange(connection, streams, idle);
});

function open({ machine }: ProgramStreams, host: string, port: number): Duplex {
  const { context } = machine;
  if (!context?.connect) throw new ProgramError('no network');
  try {
    return context.connect(host, port);
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    if (error.failure === 'dns') throw new ProgramError(`bad address '${host}'`);
    const why = error.failure === 'refused' ? 'Connection refused' : 'Operation timed out';
    throw new ProgramError(`can't connect to remote host (${host}): ${why}`);
  }
}

/** Ends when the other end closes, or after so many milliseconds without a byte once the input is over. */
function exchange(connection: Duplex, { stdin, stdout, signal }: ProgramStreams, idle: number): Promise<undefined> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      connection.destroy();
      resolve(undefined);
    };
    const moved = () => {
      clearTimeout(timer);
      if (idle > 0) timer = setTimeout(end, idle);
    };
    signal.addEventListener('abort', end, { once: true });
    connection.on('data', (chunk: Buffer) => {
      stdout(chunk);
      moved();
    });
    for (const event of ['end', 'close', 'error'] as const) connection.on(event, end);
    moved();
    void pour(stdin, connection, moved);
  });
}

async function pour(stdin: ProgramStreams['stdin'], connection: Duplex, moved: () => void): Promise<void> {
  for await (const chunk of stdin) {
    if (connection.destroyed) return;
    connection.write(chunk);
    moved();
  }
  connection.end();
}
