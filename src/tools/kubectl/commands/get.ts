import type { KubeObject } from '../../../mesh/objects.ts';
import { ToolError } from '../../tool.ts';
import { tableAccept } from '../api.ts';
import { fileFlags, selectorFlags } from '../common-flags.ts';
import { pathOf, typeName } from '../discovery.ts';
import { readManifests } from '../manifests.ts';
import { type Printable, printObjects } from '../printing/object-printer.ts';
import { compareBy } from '../printing/sort-by.ts';
import { type Table, type TableStyle, tablePrinter } from '../printing/table.ts';
import { listObjects, selectors, type Target, targetsOf } from '../selection.ts';
import type { Command, Session } from '../session.ts';
import { StatusError } from '../status-error.ts';
import { watch } from '../watching.ts';

export const getCommand: Command = {
  summary: 'Muestra objetos',
  flags: {
    ...fileFlags,
    ...selectorFlags,
    'chunk-size': { kind: 'text' },
    'ignore-not-found': { kind: 'bool' },
    'label-columns': { short: 'L', kind: 'list' },
    'no-headers': { kind: 'bool' },
    output: { short: 'o', kind: 'text' },
    'output-watch-events': { kind: 'bool' },
    'show-kind': { kind: 'bool' },
    'show-labels': { kind: 'bool' },
    'show-managed-fields': { kind: 'bool' },
    'sort-by': { kind: 'text' },
    watch: { short: 'w', kind: 'bool' },
    'watch-only': { kind: 'bool' },
  },
  async run(session) {
    const { flags, args } = session;
    if (args.length === 0 && flags.list('filename').length === 0)
      throw new ToolError(
        'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).\nSee \'kubectl get -h\' for help and examples',
      );
    const format = flags.text('output') ?? '';
    const targets = flags.list('filename').length > 0 ? await fileTargets(session) : await targetsOf(session, args);
    if (flags.bool('watch') || flags.bool('watch-only')) return watchTargets(session, targets, format);
    if (format === '' || format === 'wide') return printTables(session, targets);
    return printAs(session, targets, format);
  },
};

async function fileTargets(session: Session): Promise<Target[]> {
  const manifests = await readManifests(session);
  return manifests.map(({ resource, object: { metadata } }) => ({
    resource,
    namespace: metadata.namespace,
    name: metadata.name,
  }));
}

async function printAs(session: Session, targets: Target[], format: string): Promise<number> {
  const { flags, api, out, err } = session;
  const found: Printable[] = [];
  const problems: string[] = [];
  for (const { resource, namespace, name } of targets) {
    try {
      if (name === undefined) found.push(...(await listObjects(session, resource, namespace)));
      else found.push({ resource, object: await api.json<KubeObject>({ path: pathOf(resource, namespace, name) }) });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (!(error.isNotFound && flags.bool('ignore-not-found'))) problems.push(error.describe());
    }
  }
  const sortBy = flags.text('sort-by');
  const sorted = sortBy === undefined ? found : found.toSorted((a, b) => compareBy(sortBy)(a.object, b.object));
  const asList = targets.some((t) => t.name === undefined);
  const options = {
    format,
    showManagedFields: flags.bool('show-managed-fields') === true,
    headers: !flags.bool('no-headers'),
  };
  if (sorted.length > 0 || (asList && problems.length === 0)) out(printObjects(sorted, asList, options));
  for (const problem of problems) err(`${problem}\n`);
  return problems.length > 0 ? 1 : 0;
}

async function printTables(session: Session, targets: Target[]): Promise<number> {
  const { flags, api, out, err } = session;
  const several = new Set(targets.map((t) => typeName(t.resource))).size > 1;
  const withKind = several || flags.bool('show-kind') === true || isCategory(session);
  const problems: string[] = [];
  let tables = 0;
  for (const group of groupByType(targets)) {
    const [first] = group;
    if (!first) continue;
    const merged: Table = { kind: 'Table', rows: [] };
    for (const { resource, namespace, name } of group) {
      try {
        const path = pathOf(resource, namespace, name);
        const query = {
          ...(name === undefined ? selectors(session) : {}),
          ...(needsObjects(session) ? { includeObject: 'Object' } : {}),
        };
        const table = await api.json<Table>({ path, query, accept: tableAccept });
        merged.columnDefinitions ??= table.columnDefinitions ?? [];
        merged.rows?.push(...(table.rows ?? []));
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        if (!(error.isNotFound && flags.bool('ignore-not-found'))) problems.push(error.describe());
      }
    }
    if (!merged.rows?.length) continue;
    sortRows(merged, flags.text('sort-by'));
    if (tables > 0) out('\n');
    tables += 1;
    tablePrinter(styleOf(session, first, withKind), out)(merged);
  }
  if (tables === 0 && problems.length === 0 && !flags.bool('ignore-not-found')) err(await emptyText(session, targets));
  for (const problem of problems) err(`${problem}\n`);
  return problems.length > 0 ? 1 : 0;
}

async function watchTargets(session: Session, targets: Target[], format: string): Promise<number> {
  const { flags, api, out, signal } = session;
  const [target, ...more] = targets;
  if (!target || more.length > 0) throw new ToolError('error: you may only specify a single resource type');
  const { resource, namespace, name } = target;
  const asTable = format === '' || format === 'wide';
  const path = pathOf(resource, namespace);
  const fieldSelector = name === undefined ? flags.text('field-selector') : `metadata.name=${name}`;
  const query = { labelSelector: flags.text('selector'), fieldSelector };
  const print = tablePrinter(styleOf(session, target, flags.bool('show-kind') === true), out);
  const printOne = (object: KubeObject) => out(printObjects([{ resource, object }], false, { format }));
  const list = await api.json<Table & { items?: KubeObject[]; metadata?: { resourceVersion?: string } }>({
    path,
    query,
    ...(asTable ? { accept: tableAccept } : {}),
  });
  if (!flags.bool('watch-only')) {
    if (asTable && list.rows?.length) print(list);
    for (const object of asTable ? [] : (list.items ?? [])) printOne(object);
  }
  const request = {
    path,
    query: { ...query, resourceVersion: list.metadata?.resourceVersion },
    ...(asTable ? { accept: tableAccept } : {}),
  };
  for await (const { object } of watch<Table & KubeObject>(api, request, signal)) {
    if (!asTable) printOne(object);
    // Only the first table of a stream says its columns.
    else print({ ...object, columnDefinitions: object.columnDefinitions ?? list.columnDefinitions ?? [] });
  }
  return 0;
}

const isCategory = ({ args }: Session) => args[0] === 'all';
const needsObjects = ({ flags }: Session) => flags.text('sort-by') !== undefined;

function styleOf({ flags }: Session, { resource }: Target, withKind: boolean): TableStyle {
  return {
    wide: flags.text('output') === 'wide',
    headers: !flags.bool('no-headers'),
    withNamespace: flags.bool('all-namespaces') === true && resource.namespaced,
    prefix: withKind ? `${typeName(resource)}/` : '',
    showLabels: flags.bool('show-labels') === true,
    labelColumns: flags.list('label-columns').flatMap((l) => l.split(',')),
  };
}

function groupByType(targets: Target[]): Target[][] {
  const groups = new Map<string, Target[]>();
  for (const target of targets) {
    const key = typeName(target.resource);
    groups.set(key, [...(groups.get(key) ?? []), target]);
  }
  return [...groups.values()];
}

async function emptyText(session: Session, targets: Target[]): Promise<string> {
  const namespaced = targets.some((t) => t.resource.namespaced);
  if (session.flags.bool('all-namespaces') || !namespaced) return 'No resources found\n';
  return `No resources found in ${await session.namespace()} namespace.\n`;
}

function sortRows(table: Table, path: string | undefined): void {
  if (path === undefined) return;
  table.rows?.sort((a, b) => compareBy(path)(a.object, b.object));
}
