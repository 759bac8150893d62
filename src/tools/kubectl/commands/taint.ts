// Marks of a node that keep pods away.
import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { dryRunOf, dryRunSuffix, selectorFlags, writeFlags } from '../common-flags.ts';
import { pathOf } from '../discovery.ts';
import { findObjects } from '../selection.ts';
import type { Command } from '../session.ts';

interface Taint {
  key: string;
  value?: string;
  effect: string;
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export const taintCommand: Command = {
  summary: 'Pone o quita marcas (taints) de un nodo',
  flags: { ...selectorFlags, ...writeFlags, overwrite: { kind: 'bool' } },
  async run(session) {
    const { args, out, api } = session;
    const at = args.findIndex((arg) => arg.includes('=') || arg.includes(':') || arg.endsWith('-'));
    if (at < 0) throw new ToolError('error: at least one taint update is required');
    const changes = args.slice(at).map(read);
    const dryRun = dryRunOf(session);
    for (const { resource, object } of await findObjects(session, args.slice(0, at), { explicit: true })) {
      if (object.kind !== 'Node')
        throw new ToolError(`error: invalid resource type ${object.kind.toLowerCase()}, only node(s) is supported`);
      const { name } = object.metadata;
      const taints = after(
        name,
        (object as KubeObject<{ taints?: Taint[] }>).spec?.taints ?? [],
        changes,
        session.flags.bool('overwrite') ?? false,
      );
      if (dryRun !== 'client')
        await api.json<KubeObject>({
          method: 'PATCH',
          path: pathOf(resource, undefined, name),
          query: {
            fieldManager: session.flags.text('field-manager') ?? 'kubectl-taint',
            ...(dryRun === 'server' ? { dryRun: 'All' } : {}),
          },
          body: { spec: { taints: taints.length > 0 ? taints : null } },
          contentType: 'application/merge-patch+json',
        });
      out(`node/${name} ${wordOf(changes, session.flags.bool('overwrite') ?? false)}${dryRunSuffix[dryRun]}\n`);
    }
    return 0;
  },
};

function wordOf(changes: readonly Change[], overwrite: boolean): string {
  const removed = changes.filter((c) => c.remove).length;
  if (overwrite || (removed > 0 && removed < changes.length)) return 'modified';
  return removed > 0 ? 'untainted' : 'tainted';
}

interface Change {
  key: string;
  value?: string;
  effect?: string;
  remove: boolean;
}

/** `key=value:effect`, `key:effect`, and with a final `-` what is to go; there the effect may be left out. */
function read(word: string): Change {
  const remove = word.endsWith('-');
  const [, key = '', value, effect] = /^([^=:]+)(?:=([^:]*))?(?::(.*))?$/.exec(remove ? word.slice(0, -1) : word) ?? [];
  if (key === '' || (effect === undefined && !remove)) throw new ToolError(`error: unknown taint spec: ${word}`);
  if (effect !== undefined && effect !== '' && !EFFECTS.includes(effect))
    throw new ToolError(`error: invalid taint effect: ${effect}, unsupported taint effect`);
  return { key, remove, ...(value ? { value } : {}), ...(effect ? { effect } : {}) };
}

function after(node: string, taints: readonly Taint[], changes: readonly Change[], overwrite: boolean): Taint[] {
  let kept = [...taints];
  for (const { key, value, effect, remove } of changes) {
    const same = (t: Taint) => t.key === key && (effect === undefined || t.effect === effect);
    const found = kept.some(same);
    if (remove && !found) throw new ToolError(`error: taint "${key}${effect ? `:${effect}` : ''}" not found`);
    if (!remove && found && !overwrite)
      throw new ToolError(
        `error: node ${node} already has ${key} taint(s) with same effect(s) and --overwrite is false`,
      );
    kept = kept.filter((t) => !same(t));
    if (!remove) kept.push({ effect: effect ?? '', key, ...(value ? { value } : {}) });
  }
  return kept;
}
