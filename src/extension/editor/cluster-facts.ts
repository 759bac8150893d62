// The objects of the cluster, as `malla hechos` tells them line by line. Does not know `vscode`.
import * as z from 'zod';
import { type KindSchema, kindOfCrd } from '../../language/schema/schema.ts';
import { keyOf } from '../../language/workspace.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import type { Following, MallaProgram } from '../cluster/malla-program.ts';
import type { ClusterToRead } from './protocol.ts';

export interface ClusterFacts {
  objects: KubeObject[];
  kinds: KindSchema[];
}

export interface ClusterFactsReader {
  /** Reads this cluster from now on; undefined: none. */
  follow(access: ClusterToRead | undefined): void;
  stop(): void;
}

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

const line = z.discriminatedUnion('event', [
  z.object({ event: z.literal('object'), type: z.enum(['ADDED', 'MODIFIED', 'DELETED']), object }),
  z.object({ event: z.literal('crd'), crd: z.unknown() }),
  /** Everything that there was has been told. */
  z.object({ event: z.literal('live') }),
]);

/** Several changes that come together are told once. */
const CALM = 200;

/** `onFacts` gets undefined when the cluster is no longer read. */
export function createClusterFacts(
  program: MallaProgram,
  onFacts: (facts: ClusterFacts | undefined) => void,
): ClusterFactsReader {
  let following: Following | undefined;
  let now = '';
  let timer: NodeJS.Timeout | undefined;

  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    following?.stop();
    following = undefined;
  };
  const start = ({ kubeconfig, entry }: ClusterToRead): void => {
    const objects = new Map<string, KubeObject>();
    const kinds = new Map<string, KindSchema>();
    let live = false;
    const tell = (): void => {
      if (!live) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        onFacts({ objects: [...objects.values()], kinds: [...kinds.values()] });
      }, CALM);
    };
    const own: Following = program.follow(
      ['hechos', '--kubeconfig', kubeconfig, ...(entry ? ['--entrada', entry] : [])],
      {
        onLine(value) {
          if (following !== own) return;
          const read = line.safeParse(value).data;
          if (read?.event === 'crd') {
            const kind = kindOfCrd(read.crd);
            if (kind) kinds.set(`${kind.group}/${kind.kind}`, kind);
          } else if (read?.event === 'object') {
            const found: KubeObject = read.object;
            if (read.type === 'DELETED') objects.delete(keyOf(found));
            else objects.set(keyOf(found), found);
          } else if (read?.event === 'live') live = true;
          tell();
        },
        onEnd() {
          if (following !== own) return;
          following = undefined;
          now = '';
          onFacts(undefined);
        },
      },
    );
    following = own;
  };
  return {
    follow(access) {
      const next = JSON.stringify(access ?? null);
      if (next === now) return;
      now = next;
      const had = following !== undefined;
      stop();
      if (access) start(access);
      else if (had) onFacts(undefined);
    },
    stop,
  };
}
