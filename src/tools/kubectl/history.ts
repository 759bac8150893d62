// The revisions of a Deployment, kept by its ReplicaSets.
import type { KubeObject } from '../../mesh/objects.ts';
import { ToolError } from '../tool.ts';
import { pathOf, type Resource, typeName } from './discovery.ts';
import { labelSelectorText } from './label-selector.ts';
import { toYaml } from './printing/serialise.ts';
import { columns } from './printing/tabs.ts';
import type { Session } from './session.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const CAUSE = 'kubernetes.io/change-cause';

interface Revision {
  number: number;
  set: KubeObject;
}

export async function printHistory(session: Session, resource: Resource, deployment: KubeObject): Promise<number> {
  const { flags, out } = session;
  const revisions = await revisionsOf(session, deployment);
  const heading = `${typeName(resource)}/${deployment.metadata.name}`;
  const wished = flags.text('revision');
  if (wished !== undefined && wished !== '0') {
    const found = revisions.find((r) => r.number === Number(wished));
    if (!found) throw new ToolError(`error: unable to find the specified revision`);
    out(`${heading} with revision #${wished}\nPod Template:\n${indented(toYaml(templateOf(found.set)))}\n`);
    return 0;
  }
  const rows = revisions.map(({ number, set }) => [String(number), set.metadata.annotations?.[CAUSE] ?? '<none>']);
  out(`${heading} \n${columns([['REVISION', 'CHANGE-CAUSE'], ...rows], { minimum: 0, padding: 2 })}\n`);
  return 0;
}

/** Puts an earlier template back; returns what happened. */
export async function undo(session: Session, resource: Resource, deployment: KubeObject): Promise<string> {
  const { flags, api } = session;
  const revisions = await revisionsOf(session, deployment);
  const wished = Number(flags.text('to-revision') ?? 0);
  const target = wished === 0 ? revisions.at(-2) : revisions.find((r) => r.number === wished);
  if (!target)
    throw new ToolError(
      wished === 0
        ? `error: no rollout history found for deployment "${deployment.metadata.name}"`
        : `error: unable to find specified revision ${wished} in history`,
    );
  const template = templateOf(target.set);
  const current = templateOf(deployment);
  if (JSON.stringify(template) === JSON.stringify(current))
    return `skipped rollback (current template already matches revision ${target.number})`;
  await api.json({
    method: 'PATCH',
    path: pathOf(resource, deployment.metadata.namespace, deployment.metadata.name),
    query: { fieldManager: 'kubectl-rollout' },
    body: [{ op: 'replace', path: '/spec/template', value: template }],
    contentType: 'application/json-patch+json',
  });
  return 'rolled back';
}

async function revisionsOf({ api, discovery }: Session, deployment: KubeObject): Promise<Revision[]> {
  if (deployment.kind !== 'Deployment')
    throw new ToolError(`error: no history viewer has been implemented for "${deployment.kind}"`);
  const sets = await discovery.named('replicasets.apps');
  const { items = [] } = await api.json<{ items?: KubeObject[] }>({
    path: pathOf(sets, deployment.metadata.namespace),
    query: { labelSelector: labelSelectorText(deployment) },
  });
  return items
    .filter((set) => set.metadata.ownerReferences?.some((o) => o.uid === deployment.metadata.uid))
    .map((set) => ({ number: Number(set.metadata.annotations?.[REVISION] ?? 0), set }))
    .toSorted((a, b) => a.number - b.number);
}

interface Template {
  metadata?: { labels?: Record<string, string>; [field: string]: unknown };
  spec?: unknown;
}

/** Without the hash that the ReplicaSet's controller adds. */
function templateOf(owner: KubeObject): Template {
  const { template = {} } = (owner.spec ?? {}) as { template?: Template };
  const { 'pod-template-hash': _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

const indented = (text: string) =>
  text
    .split('\n')
    .map((l) => (l ? `  ${l}` : l))
    .join('\n');
