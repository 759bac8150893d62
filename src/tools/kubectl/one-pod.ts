// The pod that exec and port-forward are about: named, or behind a Deployment, a Service…
import type { KubeObject } from '../../mesh/objects.ts';
import { ToolError } from '../tool.ts';
import { pathOf, type Resource } from './discovery.ts';
import { labelSelectorText } from './label-selector.ts';
import { targetsOf } from './selection.ts';
import type { Session } from './session.ts';

export interface OnePod {
  pod: KubeObject;
  /** What was named, when it is not the pod itself. */
  owner: KubeObject | undefined;
  /** Of the pod. */
  path: string;
}

export async function findOnePod(session: Session, name: string): Promise<OnePod> {
  const pods = await session.discovery.named('pods');
  const [target] = await targetsOf(session, name.includes('/') ? [name] : ['pods', name]);
  if (!target?.name) throw new ToolError(`error: invalid resource name ${JSON.stringify(name)}`);
  const object = await session.api.json<KubeObject>({ path: pathOf(target.resource, target.namespace, target.name) });
  if (target.resource.plural === 'pods') return found(pods, object, undefined);
  const labelSelector = labelSelectorText(object);
  if (labelSelector === undefined) throw new ToolError(`error: cannot attach to ${object.kind}: selector is missing`);
  const { items = [] } = await session.api.json<{ items?: KubeObject[] }>({
    path: pathOf(pods, object.metadata.namespace),
    query: { labelSelector },
  });
  const [first] = items.toSorted((a, b) => running(b) - running(a));
  if (!first) throw new ToolError('error: timed out waiting for the condition');
  return found(pods, first, object);
}

const running = ({ status, metadata }: KubeObject) =>
  (status as { phase?: string } | undefined)?.phase === 'Running' && !metadata.deletionTimestamp ? 1 : 0;

function found(pods: Resource, pod: KubeObject, owner: KubeObject | undefined): OnePod {
  return { pod, owner, path: pathOf(pods, pod.metadata.namespace, pod.metadata.name) };
}
