// What the cluster has, read line by line from `malla inventario` while somebody looks at it. Does not know `vscode`.
import * as z from 'zod';
import type { InventoryLine, NamespaceFact, NodeFact } from '../../views/inventory/inventory.ts';
import type { Problem } from '../../webview/protocol.ts';
import { createEmitter, type Emitter } from '../emitter.ts';
import type { Following, MallaProgram } from './malla-program.ts';
import type { ClusterAccess } from './program-output.ts';

export interface Inventory {
  nodes: readonly NodeFact[];
  namespaces: ReadonlyMap<string, NamespaceFact>;
  /** Everything there is has been told, and what changes is being told. */
  live: boolean;
}

/** What is other than before: the nodes, a namespace, or all of it. */
export type InventoryChange = 'all' | 'nodes' | { namespace: string };

export interface InventoryReader {
  /** Undefined while nobody reads. */
  readonly now: Inventory | undefined;
  /** Why nobody reads although somebody wants to. */
  readonly problem: Problem | undefined;
  readonly onChange: Emitter<InventoryChange>['listen'];
  /** Reads this cluster from now on; undefined: none. The same again changes nothing, unless reading had broken. */
  read(access: Pick<ClusterAccess, 'kubeconfig' | 'entry'> | undefined): void;
  dispose(): void;
}

const node = z.lazy(() =>
  z.object({ name: z.string(), ready: z.boolean(), roles: z.array(z.string()), version: z.string() }),
);
const namespace = z.lazy(() =>
  z.object({
    name: z.string(),
    injected: z.boolean(),
    pods: z.number(),
    ready: z.number(),
    services: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        ports: z.array(z.string()),
        pods: z.number(),
        ready: z.number(),
      }),
    ),
    proxies: z.array(
      z.object({
        pod: z.string(),
        kind: z.enum(['sidecar', 'pasarela']),
        ready: z.boolean(),
        node: z.string(),
        version: z.string(),
      }),
    ),
  }),
);
const line: z.ZodType<InventoryLine> = z.lazy(() =>
  z.discriminatedUnion('event', [
    z.object({ event: z.literal('nodes'), nodes: z.array(node) }),
    z.object({ event: z.literal('namespace'), namespace }),
    z.object({ event: z.literal('gone'), namespace: z.string() }),
    z.object({ event: z.literal('live') }),
    z.object({ event: z.literal('lost') }),
  ]),
);

/** `onBreak`: reading ended by itself; perhaps the cluster did. */
export function createInventoryReader(program: MallaProgram, onBreak: () => void): InventoryReader {
  const changes = createEmitter<InventoryChange>();
  let following: Following | undefined;
  let reading = '';
  let now: { nodes: NodeFact[]; namespaces: Map<string, NamespaceFact>; live: boolean } | undefined;
  let problem: Problem | undefined;

  const stop = (): void => {
    const old = following;
    following = undefined;
    reading = '';
    old?.stop();
  };
  const forget = (why?: Problem): void => {
    const had = now !== undefined || problem !== undefined;
    now = undefined;
    problem = why;
    if (had || why) changes.fire('all');
  };
  const hear = (own: NonNullable<typeof now>, said: InventoryLine): void => {
    switch (said.event) {
      case 'nodes':
        own.nodes = said.nodes;
        if (own.live) changes.fire('nodes');
        return;
      case 'namespace': {
        const known = own.namespaces.has(said.namespace.name);
        own.namespaces.set(said.namespace.name, said.namespace);
        if (own.live) changes.fire(known ? { namespace: said.namespace.name } : 'all');
        return;
      }
      case 'gone':
        if (own.namespaces.delete(said.namespace) && own.live) changes.fire('all');
        return;
      case 'live':
      case 'lost':
        own.live = said.event === 'live';
        changes.fire('all');
    }
  };
  return {
    get now() {
      return now;
    },
    get problem() {
      return problem;
    },
    onChange: changes.listen,
    read(access) {
      const wanted = access ? JSON.stringify([access.kubeconfig, access.entry]) : '';
      if (wanted === reading && (following || !access)) return;
      stop();
      forget();
      if (!access) return;
      reading = wanted;
      const fresh: NonNullable<typeof now> = { nodes: [], namespaces: new Map(), live: false };
      now = fresh;
      const { kubeconfig, entry } = access;
      const args = ['inventario', '--kubeconfig', kubeconfig, ...(entry ? ['--entrada', entry] : [])];
      const own: Following = program.follow(args, {
        onLine(value) {
          const said = line.safeParse(value).data;
          if (following === own && said) hear(fresh, said);
        },
        onEnd(why) {
          if (following !== own) return;
          following = undefined;
          forget(why);
          onBreak();
        },
      });
      following = own;
    },
    dispose: stop,
  };
}
