// Istio's tcp-echo-server: each line comes back behind a word.
import type { Duplex } from 'node:stream';
import type { ContainerContext, RunningContainer } from '../contract.ts';
import { commandOf } from './idle.ts';

/** A line longer than this is sent back in parts. */
const LONGEST_LINE = 64 * 1024;

export function tcpEcho(context: ContainerContext): RunningContainer {
  const [ports = '9000', word = 'hello'] = commandOf(context);
  const listening = ports
    .split(',')
    .map(Number)
    .filter((port) => Number.isInteger(port) && port > 0 && port < 65_536);
  for (const port of listening) context.log(`listening on [::]:${port}, prefix: ${word}`);
  const take = (connection: Duplex) => echo(connection, word);
  return { ports: {}, streams: Object.fromEntries(listening.map((port) => [port, take])) };
}

function echo(connection: Duplex, word: string): void {
  let rest = '';
  // A client that goes away is no failure of the server.
  connection.on('error', () => {});
  connection.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) connection.write(Buffer.from(`${word} ${line}\n`, 'latin1'));
    if (rest.length <= LONGEST_LINE) return;
    connection.write(Buffer.from(rest, 'latin1'));
    rest = '';
  });
  connection.on('end', () => connection.end());
}
