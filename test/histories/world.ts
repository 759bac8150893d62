// An API over a store on disk that can be killed and started again, with a log of what the store did.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '../../src/mesh/objects.ts';
import { createApi } from '../../src/simulator/api/http/api.ts';
import { administrator } from '../../src/simulator/api/http/fixtures/test-api.ts';
import type { ApiReply } from '../../src/simulator/api/http/request.ts';
import { createRegistry } from '../../src/simulator/api/registry.ts';
import type { Clock, PodNetwork } from '../../src/simulator/contract.ts';
import { createContainers } from '../../src/simulator/exec/containers.ts';
import { openStore, type Store } from '../../src/simulator/store/store.ts';
import { createLogBook } from '../../src/simulator/telemetry/log-book.ts';
import type { Stored, Write } from './recorded.ts';

/** Makes a store that does one thing wrong. `under` stands below the log of what was done, `over` above it. */
export interface Bug {
  under?(store: Store): Store;
  over?(store: Store): Store;
}

export interface World {
  readonly revision: number;
  /** Undefined: the API was killed before it answered. */
  call(line: string, body?: unknown, signal?: AbortSignal): Promise<ApiReply | undefined>;
  /** As `kill -9`: what is not on disk is gone, and so are all connections. */
  crash(): void;
  /** Calls back when the process that runs now is killed; returns the stop. */
  onCrash(action: () => void): () => void;
  writes: readonly Write[];
  close(): void;
}

export const NAMESPACES = ['uno', 'dos'];
export const RESOURCES = ['configmaps', 'secrets'];
/** So few that histories are compacted under watchers that were cut. */
const KEPT = 120;

const noNetwork: PodNetwork = {
  attach() {},
  detach() {},
  call: () => Promise.reject(new Error('no network')),
};

/** Resolves once its namespaces are on disk: what is lost after that is a fault. */
export async function createWorld(bug: Bug = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'malla-historia-'));
  let life = 0;
  let writes: Write[] = [];
  const watchers = new Set<() => void>();
  let current = start();
  for (const name of NAMESPACES)
    current.registry.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await current.registry.durable();

  function start() {
    const opened = openStore(join(folder, `${life}.db`), { kept: KEPT });
    const below = bug.under?.(opened) ?? opened;
    // What was never on disk never was.
    writes = writes.filter(({ revision }) => revision <= below.revision);
    const own = life;
    const logged = logging(below, (write) => {
      // What a dead process still does in memory is nobody's.
      if (own === life) writes.push(write);
    });
    const store = bug.over?.(logged) ?? logged;
    const registry = createRegistry({ store, clock: still, webhooks: () => undefined, admitPod: (pod) => pod });
    const logs = createLogBook(still);
    const api = createApi({
      registry,
      logs,
      clock: still,
      containers: createContainers({ logs, network: noNetwork }),
      tokenUser: () => undefined,
      serviceAccountToken: () => '',
      onBug: (error) => console.error(error),
    });
    return { opened, registry, api };
  }

  return {
    get revision() {
      return current.opened.revision;
    },
    get writes() {
      return writes;
    },
    async call(line, body, signal = new AbortController().signal) {
      const asked = life;
      const [method = '', url = ''] = line.split(' ', 2);
      const [path = '', query = ''] = url.split('?', 2);
      const reply = await current.api({
        method,
        path,
        query: new URLSearchParams(query),
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        body: body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body)),
        user: administrator,
        signal,
      });
      return asked === life ? reply : undefined;
    },
    crash() {
      life += 1;
      for (const suffix of ['', '-wal']) {
        const left = join(folder, `${life - 1}.db${suffix}`);
        if (existsSync(left)) copyFileSync(left, join(folder, `${life}.db${suffix}`));
      }
      for (const action of [...watchers]) action();
      watchers.clear();
      const { opened } = current;
      current = start();
      // The dead process's handle, once nothing of it waits any more; its file is nobody's.
      setImmediate(() => opened.close());
    },
    onCrash(action) {
      watchers.add(action);
      return () => watchers.delete(action);
    },
    close() {
      current.opened.close();
      // Handles of dead processes close in this turn's end.
      setImmediate(() => rmSync(folder, { recursive: true, force: true }));
    },
  };
}

/** Time does not pass: what waits for it would only make histories differ from run to run. */
const still: Clock = { now: () => Date.parse('2026-03-01T10:00:00Z'), after: () => () => {} };

function logging(store: Store, log: (write: Write) => void): Store {
  const counts = (resource: string) => RESOURCES.includes(resource);
  return altered(store, {
    put(resource, object) {
      const stored = store.put(resource, object);
      const after = storedOf(resource, stored);
      if (counts(resource)) log({ revision: after.revision, key: after.key, after });
      return stored;
    },
    remove(resource, object) {
      const before = store.revision;
      store.remove(resource, object);
      if (counts(resource) && store.revision > before)
        log({ revision: store.revision, key: keyOf(resource, object), after: undefined });
    },
  });
}

/** The store with some of its functions changed. */
export function altered(store: Store, changes: Partial<Store>): Store {
  return Object.create(store, Object.getOwnPropertyDescriptors(changes)) as Store;
}

export function storedOf(resource: string, object: KubeObject): Stored {
  const { labels = {}, annotations = {} } = object.metadata;
  return {
    key: keyOf(resource, object),
    revision: revisionOf(object),
    value: annotations.value ?? '',
    color: labels.color ?? '',
  };
}

function keyOf(resource: string, { metadata }: KubeObject): string {
  return `${resource}/${metadata.namespace ?? ''}/${metadata.name}`;
}

function revisionOf({ metadata }: KubeObject): number {
  return Number(metadata.resourceVersion);
}
