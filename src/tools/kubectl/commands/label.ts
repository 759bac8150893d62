import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { dryRunOf, dryRunSuffix, fileFlags, selectorFlags, writeFlags } from '../common-flags.ts';
import { pathOf, typeName } from '../discovery.ts';
import { findObjects } from '../selection.ts';
import type { Command, Session } from '../session.ts';

type Field = 'labels' | 'annotations';

interface Change {
  set: Record<string, string>;
  removed: string[];
}

const flags = {
  ...fileFlags,
  ...selectorFlags,
  ...writeFlags,
  list: { kind: 'bool' as const },
  overwrite: { kind: 'bool' as const },
  'resource-version': { kind: 'text' as const },
};

export const labelCommand: Command = {
  summary: 'Pone, cambia o quita etiquetas',
  flags,
  run: (session) => change(session, 'labels'),
};

export const annotateCommand: Command = {
  summary: 'Pone, cambia o quita anotaciones',
  flags,
  run: (session) => change(session, 'annotations'),
};

async function change(session: Session, field: Field): Promise<number> {
  const { args, out, err, api } = session;
  const at = args.findIndex((arg) => arg.includes('=') || arg.endsWith('-'));
  const resources = at < 0 ? args : args.slice(0, at);
  const wished = read(at < 0 ? [] : args.slice(at), field);
  if (at < 0 && !session.flags.bool('list'))
    throw new ToolError(
      `error: at least one ${field.slice(0, -1)} update is required\nSee 'kubectl ${field === 'labels' ? 'label' : 'annotate'} -h' for help and examples`,
    );
  const found = await findObjects(session, resources, { explicit: true });
  const dryRun = dryRunOf(session);
  let failed = false;
  for (const { resource, object } of found) {
    const current = object.metadata[field] ?? {};
    if (session.flags.bool('list')) {
      for (const [name, value] of Object.entries(current)) out(`${name}=${value}\n`);
      continue;
    }
    const clash = session.flags.bool('overwrite') ? undefined : conflict(current, wished, field);
    if (clash !== undefined) {
      err(`error: ${clash}\n`);
      failed = true;
      continue;
    }
    for (const name of wished.removed) if (!(name in current)) out(`${field.slice(0, -1)} "${name}" not found.\n`);
    const subject = `${typeName(resource)}/${object.metadata.name}`;
    const word = wordOf(current, wished, field);
    if (dryRun !== 'client' && !word.startsWith('not')) {
      const removed = wished.removed.map((name) => [name, null]);
      await api.json<KubeObject>({
        method: 'PATCH',
        path: pathOf(resource, object.metadata.namespace, object.metadata.name),
        query: {
          fieldManager:
            session.flags.text('field-manager') ?? (field === 'labels' ? 'kubectl-label' : 'kubectl-annotate'),
          ...(dryRun === 'server' ? { dryRun: 'All' } : {}),
        },
        body: { metadata: { [field]: { ...wished.set, ...Object.fromEntries(removed) } } },
        contentType: 'application/merge-patch+json',
      });
    }
    out(`${subject} ${word}${dryRunSuffix[dryRun]}\n`);
  }
  return failed ? 1 : 0;
}

const nameShape = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const valueShape = /^(([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9])?$/;

function read(words: string[], field: Field): Change {
  const set: Record<string, string> = {};
  const removed: string[] = [];
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals > 0) set[word.slice(0, equals)] = word.slice(equals + 1);
    else if (word.endsWith('-')) removed.push(word.slice(0, -1));
    else throw new ToolError(`error: unknown ${field.slice(0, -1)} spec: ${word}`);
  }
  for (const name of removed)
    if (name in set)
      throw new ToolError(
        `error: can not both modify and remove ${field === 'labels' ? 'a label' : 'an annotation'} in the same command`,
      );
  for (const [name, value] of field === 'labels' ? Object.entries(set) : [])
    if (!nameShape.test(name) || !valueShape.test(value))
      throw new ToolError(
        `error: invalid label value: "${name}=${value}": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
      );
  return { set, removed };
}

function conflict(current: Record<string, string>, { set }: Change, field: Field): string | undefined {
  const clashes = Object.entries(set).filter(([name, value]) => name in current && current[name] !== value);
  if (clashes.length === 0) return undefined;
  const listed = clashes.map(([name]) => `'${name}' already has a value (${current[name]})`);
  return field === 'labels'
    ? `${listed[0]}, and --overwrite is false`
    : `--overwrite is false but found the following declared annotation(s): ${listed.join('; ')}`;
}

function wordOf(current: Record<string, string>, { set, removed }: Change, field: Field): string {
  if (field === 'annotations') return 'annotated';
  const adds = Object.entries(set).some(([name, value]) => current[name] !== value);
  const removes = removed.some((name) => name in current);
  if (adds) return 'labeled';
  return removes ? 'unlabeled' : 'not labeled';
}
