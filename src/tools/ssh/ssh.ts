// `malla ssh MACHINE [-- words…]`: a shell, or one command line, on a machine of the lab that makes a cluster.
import { ChannelRefusal, type ChannelSocket, openChannels } from '../../cluster/channels.ts';
import { type ExecStatus, execChannels, execProtocols, exitCodeOf } from '../../cluster/exec.ts';
import { findMachines, type MachinesPort } from '../../cluster/machines/machines.ts';
import type { ToolContext } from '../tool.ts';

export interface SshRequest {
  /** Folder of the machines: machinesHome(). Their process must run. */
  home: string;
  machine: string;
  /** As the real ssh has it: joined by blanks and read by a shell there. None: a shell to type in. */
  words: readonly string[];
}

const LOST = 255;

/** Resolves with the exit code, 255 when the machine cannot be reached, as ssh has it. */
export async function ssh({ home, machine, words }: SshRequest, context: ToolContext): Promise<number> {
  const { streams, signal } = context;
  const found = findMachines(home);
  if (!found) return lost(context, `connect to host ${machine} port 22: Connection refused`);
  const tty = words.length === 0 && streams.stdin.isTTY === true;
  const command = words.length > 0 ? ['bash', '-c', words.join(' ')] : ['bash'];
  const query = new URLSearchParams([...command.map((w): [string, string] => ['command', w]), ['tty', String(tty)]]);
  let status: ExecStatus | undefined;
  let socket: ChannelSocket;
  try {
    socket = await openChannels(wayTo(found), {
      path: `/malla/machines/${encodeURIComponent(machine)}/exec?${query}`,
      protocols: execProtocols,
      userAgent: 'malla-ssh',
      signal,
      receive(channel, bytes) {
        if (channel === execChannels.stdout) streams.stdout.write(bytes);
        else if (channel === execChannels.stderr) streams.stderr.write(bytes);
        else if (channel === execChannels.error && bytes.length > 0)
          status = JSON.parse(bytes.toString('utf8')) as ExecStatus;
      },
    });
  } catch (error) {
    if (signal.aborted) return 130;
    const missing = error instanceof ChannelRefusal && error.status === 404;
    const why = error instanceof Error ? error.message : String(error);
    return lost(context, missing ? `Could not resolve hostname ${machine}: Name or service not known` : why);
  }
  await converse(socket, context, tty);
  if (signal.aborted) return 130;
  return exitCodeOf(status) ?? lost(context, `${status?.message ?? `Connection to ${machine} closed by remote host.`}`);
}

function lost({ streams }: ToolContext, why: string): number {
  streams.stderr.write(`ssh: ${why}\n`);
  return LOST;
}

function wayTo({ port, ca, token }: MachinesPort) {
  return {
    server: `https://127.0.0.1:${port}`,
    tls: { ca, servername: 'localhost' },
    headers: async () => ({ authorization: `Bearer ${token}` }),
  };
}

/** Until the program there ends. */
async function converse(socket: ChannelSocket, { streams: { stdin } }: ToolContext, tty: boolean): Promise<void> {
  const terminal = stdin as typeof stdin & { setRawMode?(raw: boolean): void };
  const onInput = (chunk: Buffer | string) => socket.send(execChannels.stdin, Buffer.from(chunk));
  const onEnd = () => socket.send(execChannels.close, Buffer.of(execChannels.stdin));
  if (tty) terminal.setRawMode?.(true);
  stdin.on('data', onInput).on('end', onEnd);
  // One that has ended before is told of no more.
  if (stdin.readableEnded) onEnd();
  await socket.closed;
  stdin.off('data', onInput).off('end', onEnd).pause();
  if (tty) terminal.setRawMode?.(false);
}
