// A client whose reads of some kinds come from watches: as fresh as the last event, and free.
import type { KubeObject } from '../mesh/objects.ts';
import type { KubeClient, KubeQuery } from './contract.ts';
import { parseSelector } from './label-selector.ts';

export interface CacheOptions {
  client: KubeClient;
  /** Namespaces and selectors are ignored: each kind is watched whole. */
  queries: readonly KubeQuery[];
  /** After what is kept has changed. */
  onChange: (object: KubeObject) => void;
  /** `lost` when the first watch loses its connection, `live` when the last one has it back. */
  onState: (state: 'live' | 'lost') => void;
  /** A kind that cannot be watched; its reads go to the cluster. */
  onRefused: (query: KubeQuery, error: unknown) => void;
}

export interface CachedClient {
  client: KubeClient;
  stop(): void;
}

/** Resolves when all is in. Rejects when the cluster cannot be reached at all. */
export async function createCachedClient(options: CacheOptions): Promise<CachedClient> {
  const { client, onChange, onState, onRefused } = options;
  const kept = new Map<string, Map<string, KubeObject>>();
  const lost = new Set<string>();
  const stops: (() => void)[] = [];
  await client.raw('/version');

  const follow = async ({ apiVersion, kind }: KubeQuery): Promise<void> => {
    const key = `${apiVersion}/${kind}`;
    const objects = new Map<string, KubeObject>();
    try {
      const stop = await client.watch(
        { apiVersion, kind },
        ({ type, object }) => {
          if (type === 'DELETED') objects.delete(nameOf(object));
          else objects.set(nameOf(object), object);
          onChange(object);
        },
        (state) => {
          const before = lost.size;
          if (state === 'lost') lost.add(key);
          else lost.delete(key);
          if (before === 0 && lost.size === 1) onState('lost');
          if (before === 1 && lost.size === 0) onState('live');
        },
      );
      stops.push(stop);
      kept.set(key, objects);
    } catch (error) {
      onRefused({ apiVersion, kind }, error);
    }
  };
  const kinds = new Map(options.queries.map((q) => [`${q.apiVersion}/${q.kind}`, q]));
  await Promise.all([...kinds.values()].map(follow));

  return {
    client: {
      ...client,
      async get(ref) {
        const objects = kept.get(`${ref.apiVersion}/${ref.kind}`);
        if (!objects) return client.get(ref);
        return objects.get(`${ref.namespace ?? ''}/${ref.name}`) ?? objects.get(`/${ref.name}`);
      },
      async list(query) {
        const objects = kept.get(`${query.apiVersion}/${query.kind}`);
        if (!objects) return client.list(query);
        const matches = parseSelector(query.labelSelector ?? '');
        return [...objects.values()].filter(
          ({ metadata }) =>
            (query.namespace === undefined ||
              metadata.namespace === undefined ||
              metadata.namespace === query.namespace) &&
            matches(metadata.labels),
        );
      },
    },
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}

function nameOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
