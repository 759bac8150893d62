import { type ExecStatus, execChannels, execPath, execProtocols, exitCodeOf } from '../../../cluster/exec.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { openChannels } from '../channel-socket.ts';
import { findOnePod } from '../one-pod.ts';
import type { Command, Session } from '../session.ts';

export const execCommand: Command = {
  summary: 'Ejecuta un programa dentro de un contenedor',
  flags: {
    container: { short: 'c', kind: 'text' },
    quiet: { short: 'q', kind: 'bool' },
    stdin: { short: 'i', kind: 'bool' },
    tty: { short: 't', kind: 'bool' },
    'pod-running-timeout': { kind: 'text' },
  },
  async run(session) {
    const { args, afterDashes, flags } = session;
    const [name] = args;
    const command = afterDashes ?? [];
    if (name === undefined) throw new ToolError('error: pod, type/name or --filename must be specified');
    if (command.length === 0)
      throw new ToolError(
        args.length > 1
          ? 'error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead'
          : 'error: you must specify at least one command for the container',
      );
    const { pod } = await findOnePod(session, name);
    const { phase } = (pod.status ?? {}) as { phase?: string };
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new ToolError(`error: cannot exec into a container in a completed pod; current phase is ${phase}`);
    const stdin = flags.bool('stdin') === true;
    const tty = flags.bool('tty') === true && session.streams.stdin.isTTY === true;
    if (flags.bool('tty') && !tty)
      session.err('Unable to use a TTY - input is not a terminal or the right kind of file\n');
    const target = {
      namespace: pod.metadata.namespace ?? 'default',
      pod: pod.metadata.name,
      container: containerOf(session, pod),
    };
    const path = execPath(target, command, { stdin, tty, stderr: !tty });
    return converse(session, path, { stdin, tty });
  },
};

async function converse(
  session: Session,
  path: string,
  { stdin, tty }: { stdin: boolean; tty: boolean },
): Promise<number> {
  const { streams } = session;
  let status: ExecStatus | undefined;
  const socket = await openChannels(session, {
    path,
    protocols: execProtocols,
    receive(channel, bytes) {
      if (channel === execChannels.stdout) streams.stdout.write(bytes);
      else if (channel === execChannels.stderr) streams.stderr.write(bytes);
      else if (channel === execChannels.error && bytes.length > 0)
        status = JSON.parse(bytes.toString('utf8')) as ExecStatus;
    },
  });
  const terminal = streams.stdin as typeof streams.stdin & { setRawMode?(raw: boolean): void };
  const onInput = (chunk: Buffer | string) => socket.send(execChannels.stdin, Buffer.from(chunk));
  const onEnd = () => {
    if (socket.protocol.startsWith('v5')) socket.send(execChannels.close, Buffer.of(execChannels.stdin));
  };
  if (tty) {
    terminal.setRawMode?.(true);
    const { columns = 80, rows = 24 } = streams.stdout as typeof streams.stdout & { rows?: number };
    socket.send(execChannels.resize, Buffer.from(JSON.stringify({ Width: columns, Height: rows })));
  }
  if (stdin) streams.stdin.on('data', onInput).on('end', onEnd);
  await socket.closed;
  if (stdin) streams.stdin.off('data', onInput).off('end', onEnd).pause();
  if (tty) terminal.setRawMode?.(false);
  if (session.signal.aborted) return 130;
  const code = exitCodeOf(status);
  if (code === 0) return 0;
  if (code !== undefined) throw new ToolError(`command terminated with exit code ${code}`, code);
  throw new ToolError(`error: ${status?.message ?? 'the connection to the container was lost'}`);
}

function containerOf({ flags, err }: Session, pod: KubeObject): string {
  const { containers = [], initContainers = [] } = (pod.spec ?? {}) as {
    containers?: { name: string }[];
    initContainers?: { name: string }[];
  };
  const wished = flags.text('container');
  if (wished !== undefined) return wished;
  const usual = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  if (usual !== undefined && containers.some((c) => c.name === usual)) return usual;
  const [first] = containers;
  if (!flags.bool('quiet') && containers.length + initContainers.length > 1) {
    const all = [...containers.map((c) => c.name), ...initContainers.map((c) => `${c.name} (init)`)];
    err(`Defaulted container "${first?.name}" out of: ${all.join(', ')}\n`);
  }
  return first?.name ?? '';
}
