import { ClusterError } from '../../../cluster/cluster-error.ts';
import { type ForwardedPort, forwardPort, NodeRefusal } from '../../../cluster/entry/port-forward.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { inKubectlWords } from '../channel-socket.ts';
import { findOnePod } from '../one-pod.ts';
import type { Command, Session } from '../session.ts';

export const portForwardCommand: Command = {
  summary: 'Lleva un puerto de esta máquina a un puerto de un pod',
  flags: {
    address: { kind: 'text' },
    'pod-running-timeout': { kind: 'text' },
  },
  async run(session) {
    const [name, ...ports] = session.args;
    if (name === undefined || ports.length === 0)
      throw new ToolError('error: TYPE/NAME and list of ports are required for port-forward');
    const { pod, owner } = await findOnePod(session, name);
    const { phase } = (pod.status ?? {}) as { phase?: string };
    if (phase !== 'Running')
      throw new ToolError(`error: unable to forward port because pod is not running. Current status=${phase}`);
    const pairs = ports.map((text) => pairOf(text, pod, owner));
    const forwarded = await Promise.all(pairs.map((pair) => forward(session, pod, pair)));
    await Promise.all(forwarded.map(({ closed }) => closed));
    return 130;
  },
};

interface Pair {
  local: number;
  remote: number;
}

/** `8080`, `8080:80`, `:80`, `8080:http`. A Service's port stands for its pod's. */
function pairOf(text: string, pod: KubeObject, owner: KubeObject | undefined): Pair {
  const [left = '', right = left, more] = text.split(':');
  const remote = owner?.kind === 'Service' ? servicePort(right, owner, pod) : podPort(right, pod);
  const local = left === '' ? 0 : /^\d+$/.test(left) ? Number(left) : remote;
  if (more !== undefined || !remote || local > 65_535 || remote > 65_535)
    throw new ToolError(`error: error parsing port ${JSON.stringify(text)}`);
  return { local: owner && !text.includes(':') ? Number(left) || remote : local, remote };
}

function podPort(text: string, pod: KubeObject): number {
  if (/^\d+$/.test(text)) return Number(text);
  const { containers = [] } = (pod.spec ?? {}) as {
    containers?: { ports?: { name?: string; containerPort: number }[] }[];
  };
  const found = containers.flatMap((c) => c.ports ?? []).find((p) => p.name === text);
  if (!found) throw new ToolError(`error: Pod '${pod.metadata.name}' does not have a named port '${text}'`);
  return found.containerPort;
}

function servicePort(text: string, service: KubeObject, pod: KubeObject): number {
  const { ports = [] } = (service.spec ?? {}) as {
    ports?: { name?: string; port: number; targetPort?: number | string }[];
  };
  const found = ports.find((p) => String(p.port) === text || p.name === text);
  if (!found) throw new ToolError(`error: Service ${service.metadata.name} does not have a service port ${text}`);
  return podPort(String(found.targetPort ?? found.port), pod);
}

/** Rejects when the local port is taken. */
async function forward(session: Session, { metadata }: KubeObject, { local, remote }: Pair): Promise<ForwardedPort> {
  const { name, namespace = 'default' } = metadata;
  const way = await session.api.way();
  try {
    const forwarded = await forwardPort({
      way,
      target: async () => ({ namespace, pod: name, port: remote }),
      wanted: [local],
      signal: session.signal,
      keepsAlive: true,
      userAgent: 'kubectl/malla',
      onConnection: (port) => session.out(`Handling connection for ${port}\n`),
      onTrouble: (error) => session.err(`${troubleText(error, remote)}\n`),
    });
    session.out(`Forwarding from 127.0.0.1:${forwarded.port} -> ${remote}\n`);
    return forwarded;
  } catch (error) {
    const taken = error instanceof ClusterError && error.cause instanceof Error ? error.cause.message : String(error);
    throw new ToolError(`error: unable to listen on port ${local}: ${taken}`);
  }
}

function troubleText(error: unknown, remote: number): string {
  if (error instanceof NodeRefusal) return `error: an error occurred forwarding to ${remote}: ${error.message}`;
  return inKubectlWords(error).message;
}
