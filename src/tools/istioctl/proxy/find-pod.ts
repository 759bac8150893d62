// Which pod is meant by `name`, `name.namespace`, `deploy/name` or `deploy/name.namespace`.
import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { clientOf, type Invocation } from '../commands/command.ts';

export interface PodName {
  namespace: string;
  name: string;
}

const KINDS: Record<string, [apiVersion: string, kind: string]> = {
  po: ['v1', 'Pod'],
  pod: ['v1', 'Pod'],
  pods: ['v1', 'Pod'],
  deploy: ['apps/v1', 'Deployment'],
  deployment: ['apps/v1', 'Deployment'],
  deployments: ['apps/v1', 'Deployment'],
  ds: ['apps/v1', 'DaemonSet'],
  daemonset: ['apps/v1', 'DaemonSet'],
  sts: ['apps/v1', 'StatefulSet'],
  statefulset: ['apps/v1', 'StatefulSet'],
  rs: ['apps/v1', 'ReplicaSet'],
  replicaset: ['apps/v1', 'ReplicaSet'],
  svc: ['v1', 'Service'],
  service: ['v1', 'Service'],
};

/** One pod, a running one where there is a choice. */
export async function findPod(invocation: Invocation, written: string): Promise<PodName> {
  const [first] = await findPods(invocation, written);
  if (!first) throw new ToolError(`no pods found for ${written}`);
  return first;
}

/** All pods of a workload, running ones first. */
export async function findPods(invocation: Invocation, written: string): Promise<PodName[]> {
  const [type, rest] = written.includes('/') ? split(written, '/') : ['pod', written];
  const [name, namespace] = nameAndNamespace(rest, invocation.flags.text('namespace') ?? 'default');
  const known = KINDS[type];
  if (!known) throw new ToolError(`the server doesn't have a resource type "${type}"`);
  const [apiVersion, kind] = known;
  const client = clientOf(invocation);
  const object = await client.get({ apiVersion, kind, namespace, name });
  if (!object)
    throw new ToolError(
      `${kind === 'Pod' || kind === 'Service' ? `${kind.toLowerCase()}s` : `${kind.toLowerCase()}s.apps`} "${name}" not found`,
    );
  if (kind === 'Pod') return [{ namespace, name }];
  const pods = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: selectorOf(object) });
  return pods.sort((a, b) => running(b) - running(a)).map((pod) => ({ namespace, name: pod.metadata.name }));
}

/** `reviews.default`: what follows the last dot is the namespace. */
export function nameAndNamespace(written: string, otherwise: string): [name: string, namespace: string] {
  const dot = written.lastIndexOf('.');
  return dot < 0 ? [written, otherwise] : [written.slice(0, dot), written.slice(dot + 1)];
}

function split(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return [text.slice(0, at).toLowerCase(), text.slice(at + 1)];
}

function selectorOf(object: KubeObject): string {
  const { selector } = (object.spec ?? {}) as {
    selector?: { matchLabels?: Record<string, string> } & Record<string, unknown>;
  };
  const labels = object.kind === 'Service' ? selector : selector?.matchLabels;
  return Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}

const running = ({ status, metadata }: KubeObject) =>
  (status as { phase?: string } | undefined)?.phase === 'Running' && !metadata.deletionTimestamp ? 1 : 0;
