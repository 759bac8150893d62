// The containers that are a kind cluster's nodes.
import * as z from 'zod';
import { runProgram } from '../programs/run-program.ts';
import { explainRuntime, garbled } from './errors.ts';
import type { KindTools } from './tools.ts';

export interface KindNode {
  name: string;
  /** The container's. */
  id: string;
  controlPlane: boolean;
  running: boolean;
  /** Milliseconds since 1970. */
  created: number;
  /** Port of the node → where it is published on this machine. */
  published: Record<number, { host: string; port: number }>;
}

const label = 'io.x-k8s.kind.cluster';

const containersSchema = z.array(
  z.object({
    Id: z.string(),
    Name: z.string(),
    Created: z.string(),
    State: z.object({ Running: z.boolean() }),
    Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
    HostConfig: z
      .object({
        PortBindings: z
          .record(z.string(), z.array(z.object({ HostIp: z.string().nullish(), HostPort: z.string() })).nullable())
          .nullish(),
      })
      .nullish(),
  }),
);

/** In the order in which they are to be started: control planes first. Empty when there is no such cluster. Rejects with CodedError. */
export async function listNodes(tools: KindTools, cluster: string, signal?: AbortSignal): Promise<KindNode[]> {
  const ids = (
    await ask(
      tools,
      ['ps', '--all', '--no-trunc', '--filter', `label=${label}=${cluster}`, '--format', '{{.ID}}'],
      signal,
    )
  ).split(/\s+/);
  const wanted = ids.filter((id) => id !== '');
  if (wanted.length === 0) return [];
  const output = await ask(tools, ['inspect', '--type', 'container', ...wanted], signal);
  return parse(output, tools).toSorted(
    (a, b) => Number(b.controlPlane) - Number(a.controlPlane) || a.name.localeCompare(b.name),
  );
}

/** Rejects with CodedError. */
export async function stopNodes(tools: KindTools, nodes: readonly KindNode[], signal?: AbortSignal): Promise<void> {
  // Workers first: the API sees them go.
  for (const { id, running } of nodes.toReversed()) if (running) await ask(tools, ['stop', id], signal, 60_000);
}

/** Rejects with CodedError. */
export async function startNodes(tools: KindTools, nodes: readonly KindNode[], signal?: AbortSignal): Promise<void> {
  for (const { id, running } of nodes) if (!running) await ask(tools, ['start', id], signal, 60_000);
}

async function ask({ runtime, env }: KindTools, args: string[], signal?: AbortSignal, timeout = 20_000) {
  try {
    return (await runProgram({ program: runtime.path, args, timeout, env, ...(signal ? { signal } : {}) })).stdout;
  } catch (error) {
    throw explainRuntime(runtime.name, error);
  }
}

function parse(output: string, { runtime }: KindTools): KindNode[] {
  try {
    return containersSchema.parse(JSON.parse(output)).map(({ Id, Name, Created, State, Config, HostConfig }) => ({
      name: Name.replace(/^\//, ''),
      id: Id,
      controlPlane: Config.Labels?.['io.x-k8s.kind.role'] === 'control-plane',
      running: State.Running,
      created: Date.parse(Created),
      published: Object.fromEntries(
        Object.entries(HostConfig?.PortBindings ?? {}).flatMap(([port, bindings]) => {
          const [first] = bindings ?? [];
          return first
            ? [[Number.parseInt(port, 10), { host: first.HostIp || '0.0.0.0', port: Number(first.HostPort) }]]
            : [];
        }),
      ),
    }));
  } catch (error) {
    throw garbled(`${runtime.name} inspect`, output, error);
  }
}
