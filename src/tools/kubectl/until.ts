// Waiting for an object to be as wished, or gone.
import type { KubeObject } from '../../mesh/objects.ts';
import { ToolError } from '../tool.ts';
import { apiVersionOf, pathOf } from './discovery.ts';
import type { Target } from './selection.ts';
import type { Session } from './session.ts';
import { watch } from './watching.ts';

/** Rejects with ToolError when the time is over. `undefined` stands for a deleted object. */
export async function until(
  { api, signal }: Session,
  { resource, namespace, name }: Target,
  timeout: number | undefined,
  holds: (object: KubeObject | undefined) => boolean,
): Promise<void> {
  const over = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
  const late = () => new ToolError(`error: timed out waiting for the condition on ${resource.plural}/${name}`);
  const stop = new AbortController();
  const abort = AbortSignal.any([stop.signal, ...(over ? [over] : [])]);
  try {
    for (;;) {
      const query = { fieldSelector: `metadata.name=${name}` };
      const path = pathOf(resource, namespace);
      const list = await api.json<{ items?: KubeObject[]; metadata: { resourceVersion: string } }>({ path, query });
      const [first] = list.items ?? [];
      // Items of a list do not say what they are.
      if (holds(first && { ...first, apiVersion: apiVersionOf(resource), kind: resource.kind })) return;
      if (over?.aborted) throw late();
      const request = { path, query: { ...query, resourceVersion: list.metadata.resourceVersion } };
      for await (const { type, object } of watch<KubeObject>(api, request, abort))
        if (holds(type === 'DELETED' ? undefined : object)) return;
      signal.throwIfAborted();
      if (over?.aborted) throw late();
    }
  } catch (error) {
    if (over?.aborted && !(error instanceof ToolError)) throw late();
    throw error;
  } finally {
    stop.abort();
  }
}

export async function untilGone(session: Session, target: Target, timeout: number | undefined): Promise<void> {
  const { uid } =
    (await session.api.find<KubeObject>({ path: pathOf(target.resource, target.namespace, target.name) }))?.metadata ??
    {};
  if (uid === undefined) return;
  await until(session, target, timeout, (object) => object === undefined || object.metadata.uid !== uid);
}
