import { createServer, type Server, type Socket } from 'node:net';
import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { openChannels } from '../channel-socket.ts';
import { findOnePod } from '../one-pod.ts';
import type { Command, Session } from '../session.ts';

const [DATA, ERROR] = [0, 1];

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
    const { pod, owner, path } = await findOnePod(session, name);
    const { phase } = (pod.status ?? {}) as { phase?: string };
    if (phase !== 'Running')
      throw new ToolError(`error: unable to forward port because pod is not running. Current status=${phase}`);
    const pairs = ports.map((text) => pairOf(text, pod, owner));
    const servers = await Promise.all(pairs.map((pair) => listen(session, path, pair)));
    await new Promise<void>((resolve) => session.signal.addEventListener('abort', () => resolve(), { once: true }));
    for (const server of servers) server.close();
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
function listen(session: Session, path: string, { local, remote }: Pair): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    session.out(`Handling connection for ${(server.address() as { port: number }).port}\n`);
    forward(session, path, remote, socket).catch((error: Error) => {
      session.err(`${error.message}\n`);
      socket.destroy();
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new ToolError(`error: unable to listen on port ${local}: ${error.message}`)),
    );
    server.listen({ host: '127.0.0.1', port: local }, () => {
      const { port } = server.address() as { port: number };
      session.out(`Forwarding from 127.0.0.1:${port} -> ${remote}\n`);
      resolve(server);
    });
  });
}

/** One connection of its own to the API server for each of the client's. */
async function forward(session: Session, path: string, remote: number, socket: Socket): Promise<void> {
  socket.on('error', () => socket.destroy());
  const told = new Set<number>();
  let problem = '';
  const channels = await openChannels(session, {
    path: `${path}/portforward?ports=${remote}`,
    protocols: ['v4.channel.k8s.io'],
    receive(channel, bytes) {
      // The first message of each channel repeats the port.
      if (!told.has(channel)) told.add(channel);
      else if (channel === DATA) socket.write(bytes);
      else if (channel === ERROR) problem += bytes.toString('utf8');
    },
  });
  socket.on('data', (chunk) => channels.send(DATA, Buffer.from(chunk)));
  socket.on('close', () => channels.close());
  await channels.closed;
  socket.end();
  if (problem) session.err(`error: an error occurred forwarding to ${remote}: ${problem}\n`);
}
