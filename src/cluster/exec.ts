// A program run in a container, as `kubectl exec` does it: the channels that the API server speaks, and their end.
import { ChannelRefusal, openChannels } from './channels.ts';
import { ClusterError, errorOfStatus } from './cluster-error.ts';
import type { WayIn } from './kubeconfig.ts';

export interface ExecTarget {
  namespace: string;
  pod: string;
  container: string;
}

export interface ExecRequest extends ExecTarget {
  command: readonly string[];
  /** Until the program ends, milliseconds. */
  timeout?: number;
  signal?: AbortSignal;
}

export interface ExecResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export const execChannels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
export const execProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];

export interface ExecStreams {
  stdin?: boolean;
  stderr?: boolean;
  tty?: boolean;
}

/** Of the API server, with its query. */
export function execPath(
  { namespace, pod, container }: ExecTarget,
  command: readonly string[],
  { stdin = false, stderr = true, tty = false }: ExecStreams = {},
): string {
  const query = new URLSearchParams([
    ...command.map((word): [string, string] => ['command', word]),
    ['container', container],
    ['stdout', 'true'],
    ...Object.entries({ stderr, stdin, tty })
      .filter(([, wanted]) => wanted)
      .map(([name]): [string, string] => [name, 'true']),
  ]);
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/exec?${query}`;
}

/** What the error channel carries when the program ends: a Status. */
export interface ExecStatus {
  status?: string;
  reason?: string;
  message?: string;
  details?: { causes?: { reason?: string; message?: string }[] };
}

/** The program's exit code; undefined when it did not run, or its end is not known. */
export function exitCodeOf(status: ExecStatus | undefined): number | undefined {
  if (status?.status === 'Success') return 0;
  const code = status?.details?.causes?.find((c) => c.reason === 'ExitCode')?.message;
  return status?.reason === 'NonZeroExitCode' && code !== undefined ? Number(code) : undefined;
}

const usualTimeout = 20_000;
/** Of what the program writes. The whole configuration of a proxy is some megabytes. */
const largestOutput = 32_000_000;

/**
 * Runs a program without input and collects what it writes. Rejects with ClusterError: `invalid` when the container or
 * the program is not there, `unreachable` when it does not end in time or the way breaks.
 */
export async function execIn(way: WayIn, request: ExecRequest): Promise<ExecResult> {
  const { command, timeout = usualTimeout } = request;
  const deadline = AbortSignal.timeout(timeout);
  const tooMuch = new AbortController();
  const signal = AbortSignal.any([deadline, tooMuch.signal, ...(request.signal ? [request.signal] : [])]);
  const output: Record<number, Buffer[]> = { 1: [], 2: [], 3: [] };
  let size = 0;
  try {
    signal.throwIfAborted();
    const socket = await openChannels(way, {
      path: execPath(request, command),
      protocols: execProtocols,
      userAgent: 'malla',
      signal,
      receive(channel, bytes) {
        size += bytes.length;
        if (size > largestOutput) tooMuch.abort();
        else output[channel]?.push(bytes);
      },
    });
    await socket.closed;
  } catch (error) {
    request.signal?.throwIfAborted();
    throw failureOf(error, deadline.aborted ? timeout : undefined);
  }
  request.signal?.throwIfAborted();
  const [name = ''] = command;
  if (tooMuch.signal.aborted) throw new ClusterError('invalid', `«${name}» escribe demasiado`);
  if (deadline.aborted) throw failureOf(undefined, timeout);
  const text = (channel: number): string => Buffer.concat(output[channel] ?? []).toString('utf8');
  const status = readStatus(text(execChannels.error));
  const exitCode = exitCodeOf(status);
  if (exitCode === undefined) {
    if (status?.message !== undefined) throw new ClusterError('invalid', status.message);
    throw new ClusterError('unreachable', 'se ha cortado la conexión con el contenedor');
  }
  return { exitCode, stdout: text(execChannels.stdout), stderr: text(execChannels.stderr) };
}

function readStatus(text: string): ExecStatus | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function failureOf(error: unknown, timeout: number | undefined): Error {
  if (error instanceof ClusterError) return error;
  if (error instanceof ChannelRefusal) {
    const refusal = errorOfStatus(error.status, readStatus(error.body) ?? error.body);
    // A kubelet that cannot start the program says so with a 500: the cluster is well.
    return refusal.reason === 'server'
      ? new ClusterError('invalid', refusal.detail, { status: error.status })
      : refusal;
  }
  const detail =
    timeout === undefined
      ? error instanceof Error
        ? error.message
        : String(error)
      : `el programa no termina en ${timeout / 1000} s`;
  return new ClusterError('unreachable', detail, { cause: error });
}
