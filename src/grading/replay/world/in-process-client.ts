// The API of a cluster that lives in this process, asked without a port: the usual client over a function call.
import { createClient } from '../../../cluster/client.ts';
import { ClusterError } from '../../../cluster/cluster-error.ts';
import type { KubeClient } from '../../../cluster/contract.ts';
import type { ExecRequest, ExecResult } from '../../../cluster/exec.ts';
import type { Call, Reply, Transport } from '../../../cluster/transport.ts';
import type { ApiReply } from '../../../simulator/api/http/request.ts';
import { StartError } from '../../../simulator/exec/container-access.ts';
import type { Simulator } from '../../../simulator/simulator.ts';

const administrator = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
const execTimeout = 20_000;

export function inProcessClient({
  api,
  registry,
  containers,
}: Pick<Simulator, 'api' | 'registry' | 'containers'>): KubeClient {
  const ask = (
    { method, path, body, contentType = 'application/json' }: Call,
    signal: AbortSignal,
  ): Promise<ApiReply> => {
    const mark = path.indexOf('?');
    return api({
      method,
      path: mark < 0 ? path : path.slice(0, mark),
      query: new URLSearchParams(mark < 0 ? '' : path.slice(mark + 1)),
      headers: { accept: 'application/json', 'content-type': contentType, 'user-agent': 'malla' },
      body: body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body)),
      user: administrator,
      signal,
    });
  };
  const transport: Transport = {
    way: () => Promise.reject(new ClusterError('unreachable', 'no hay ningún puerto')),
    async call(call) {
      const signal = call.signal ?? new AbortController().signal;
      signal.throwIfAborted();
      const { status, body } = await ask(call, signal);
      return { ...replyOf(status, await textOf(body)), date: Math.floor(Date.now() / 1000) * 1000 };
    },
    async lines(path, onOpen, onLine, signal) {
      const { status, body } = await ask({ method: 'GET', path }, signal);
      if (status !== 200 || typeof body === 'string' || body instanceof Uint8Array)
        return replyOf(status, await textOf(body));
      onOpen();
      let rest = '';
      for await (const chunk of body) {
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        for (const part of parts) if (part) onLine(part);
      }
      signal.throwIfAborted();
      return { status: 200, body: undefined, retryAfter: undefined };
    },
  };
  return { ...createClient(transport), exec: (request) => execute(request, registry, containers) };
}

async function execute(
  { namespace, pod: name, container, command, timeout = execTimeout, signal: given }: ExecRequest,
  registry: Simulator['registry'],
  containers: Simulator['containers'],
): Promise<ExecResult> {
  const pod = registry.get('pods', namespace, name);
  if (!pod) throw new ClusterError('invalid', `pods "${name}" not found`);
  if (!containers.isRunning(pod, container)) throw new ClusterError('invalid', `container not found ("${container}")`);
  const deadline = AbortSignal.timeout(timeout);
  const signal = given ? AbortSignal.any([deadline, given]) : deadline;
  const output: { stdout: Uint8Array[]; stderr: Uint8Array[] } = { stdout: [], stderr: [] };
  const text = (chunks: Uint8Array[]): string => Buffer.concat(chunks).toString('utf8');
  try {
    const exitCode = await containers.exec(pod, container, {
      command,
      tty: false,
      stdin: nothing(),
      stdout: (chunk) => void output.stdout.push(chunk),
      stderr: (chunk) => void output.stderr.push(chunk),
      drained: async () => {},
      signal,
    });
    given?.throwIfAborted();
    if (deadline.aborted) throw new ClusterError('unreachable', `el programa no termina en ${timeout / 1000} s`);
    return { exitCode, stdout: text(output.stdout), stderr: text(output.stderr) };
  } catch (error) {
    if (error instanceof StartError) throw new ClusterError('invalid', error.message);
    throw error;
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function textOf(body: ApiReply['body']): Promise<string> {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  let text = '';
  for await (const chunk of body) text += chunk;
  return text;
}

function replyOf(status: number, text: string): Reply {
  return { status, body: parsed(text), retryAfter: undefined };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
