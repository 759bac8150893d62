// What would make a name that leads nowhere lead somewhere.
import type { Finding } from '../../mesh/analysis.ts';
import { namespaceOf } from '../../mesh/config-objects.ts';
import { fullHost } from '../../mesh/host-names.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { fields, text } from '../../mesh/read.ts';
import { namesFor } from '../known-names.ts';
import { nearest } from '../nearest.ts';
import type { PathPart } from '../paths.ts';
import { t } from '../say.ts';
import { valueAt } from '../symbols.ts';
import { indexLines, type Span } from '../text.ts';
import type { Workspace } from '../workspace.ts';
import { parsePart, type WrittenFile, type WrittenPart } from '../written-file.ts';
import { findPath } from '../yaml-nodes.ts';
import type { Fix } from './problem.ts';
import type { WrittenDocument } from './written-document.ts';

export interface BrokenReference {
  workspace: Workspace;
  written: WrittenDocument;
  at: readonly PathPart[];
  path: readonly PathPart[];
  object: KubeObject;
  finding: Finding;
  /** What is written there. */
  value: unknown;
}

export function referenceFixes(broken: BrokenReference): Fix[] {
  const { finding, path, value } = broken;
  const known = () => namesFor(broken.workspace, broken.written.uri);
  const namespace = namespaceOf(broken.object);
  if (finding.code === 'IST0112') return portFixes(broken, known().ports(String(value), namespace));
  if (finding.code === 'IST0130') return removalFixes(broken);
  if (finding.code !== 'IST0101' && finding.code !== 'IST0174') return [];
  const last = path.at(-1);
  if (last === 'subset') {
    const host = text(valueAt(broken.object, [...path.slice(0, -1), 'host'])) ?? '';
    return [...spelling(broken, known().subsets(host, namespace)), ...newSubset(broken, host, String(value))];
  }
  if (last === 'host')
    return spelling(
      broken,
      known()
        .hosts(namespace)
        .map(({ name }) => name),
    );
  if (last === 'number') {
    const host = text(valueAt(broken.object, [...path.slice(0, -2), 'host'])) ?? '';
    return replacements(
      broken,
      known()
        .ports(host, namespace)
        .map(({ number }) => String(number)),
    );
  }
  if (path.at(-2) === 'gateways') return spelling(broken, known().gateways(namespace));
  return [];
}

function spelling(broken: BrokenReference, candidates: readonly string[]): Fix[] {
  const meant = nearest(String(broken.value), candidates);
  return meant === undefined ? [] : replacements(broken, [meant]);
}

function replacements({ written, at, path }: BrokenReference, names: readonly string[]): Fix[] {
  const { value } = written.find(at, path);
  if (!value) return [];
  return names.slice(0, 5).map((name) => ({
    title: t('Cambiar por «{0}»', name),
    edits: [written.edit(value, name)],
    ...(names.length === 1 && { preferred: true as const }),
  }));
}

/** Beside the host, in the same style. */
function portFixes({ written, at, path }: BrokenReference, ports: readonly { number: number }[]): Fix[] {
  const { key, value } = written.find(at, path);
  if (!key || !value) return [];
  const { text: whole } = written.part;
  const lineStart = whole.lastIndexOf('\n', key[0]) + 1;
  const before = whole.slice(lineStart, key[0]);
  const flow = /[{,]/.test(before);
  const column = ' '.repeat(key[0] - lineStart);
  return ports.slice(0, 5).map(({ number }) => ({
    title: t('Ir al puerto {0}', number),
    edits: [
      written.edit(
        [value[1], value[1]],
        flow ? `, port: {number: ${number}}` : `\n${column}port:\n${column}  number: ${number}`,
      ),
    ],
  }));
}

function removalFixes({ written, at, path }: BrokenReference): Fix[] {
  const { node } = written.find(at, path);
  if (!node?.range) return [];
  const { text: whole } = written.part;
  const dash = whole.lastIndexOf('-', node.range[0]);
  const start = whole.lastIndexOf('\n', dash) + 1;
  if (dash < 0 || whole.slice(start, dash).trim() !== '' || whole.slice(dash + 1, node.range[0]).trim() !== '')
    return [];
  return [{ title: t('Quitar la regla'), edits: [written.edit([start, node.range[2]], '')] }];
}

/** In the DestinationRule of the host when a file has one; else in one of its own, at the end of this file. */
function newSubset({ workspace, written, object }: BrokenReference, host: string, name: string): Fix[] {
  if (host === '' || !/^[a-zA-Z0-9._-]+$/.test(name)) return [];
  const namespace = namespaceOf(object);
  const labels = namesFor(workspace, written.uri).labels(namespace, host);
  const label = [...labels].find(([, values]) => values.has(name))?.[0] ?? 'version';
  const home = ruleOf(workspace, fullHost(host, namespace), written.uri);
  if (home) {
    const edit = subsetEdit(home.file, home.part, name, label);
    return edit
      ? [
          {
            title: t('Añadir el subset «{0}» al DestinationRule «{1}»', name, home.name),
            edits: [edit],
            preferred: true,
          },
        ]
      : [];
  }
  const short = /^[a-z0-9-]+$/.test(host) ? host : (host.split('.')[0] ?? host);
  const where =
    object.metadata.namespace && object.metadata.namespace !== 'default' ? `  namespace: ${namespace}\n` : '';
  const rule = `---\napiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: ${short}\n${where}spec:\n  host: ${host}\n  subsets:\n${item('    ', name, label)}`;
  const file = workspace.file(written.uri);
  if (!file) return [];
  const lines = indexLines(file.text);
  const end = lines.positionAt(file.text.length);
  const newText = `${file.text.endsWith('\n') ? '' : '\n'}${rule}`;
  const edit = { uri: written.uri, range: { start: end, end }, newText };
  return [{ title: t('Crear un DestinationRule con el subset «{0}»', name), edits: [edit], preferred: true }];
}

function ruleOf(
  workspace: Workspace,
  host: string,
  uri: string,
): { file: WrittenFile; part: WrittenPart; name: string } | undefined {
  const own = workspace.file(uri);
  for (const file of own ? [own, ...workspace.files()] : workspace.files())
    for (const part of file.parts)
      for (const { object, kind, at } of part.objects)
        if (
          object &&
          kind === 'DestinationRule' &&
          at.length === 0 &&
          fullHost(text(fields(object.spec).host) ?? '', namespaceOf(object)) === host
        )
          return { file, part, name: object.metadata.name };
  return undefined;
}

function subsetEdit(file: WrittenFile, part: WrittenPart, name: string, label: string) {
  const document = parsePart(part.text);
  if (!document) return undefined;
  const lines = indexLines(file.text);
  const insert = ([start]: Span, newText: string) => {
    const position = lines.positionAt(start + part.offset);
    return { uri: file.uri, range: { start: position, end: position }, newText };
  };
  const found = findPath(document, ['spec', 'subsets']);
  const list = found?.exact ? findPath(document, ['spec', 'subsets', 0]) : undefined;
  if (list?.exact && list.value) {
    const dash = part.text.lastIndexOf('-', list.value[0]);
    const start = part.text.lastIndexOf('\n', dash) + 1;
    const indentation = part.text.slice(start, dash);
    // Written with brackets: left to its author.
    if (indentation.trim() !== '') return undefined;
    return insert([start, start], item(indentation, name, label));
  }
  const host = findPath(document, ['spec', 'host']);
  if (!host?.exact || !host.key) return undefined;
  const start = part.text.lastIndexOf('\n', host.key[0]) + 1;
  const indentation = part.text.slice(start, host.key[0]);
  if (indentation.trim() !== '' || found?.exact) return undefined;
  const lineEnd = part.text.indexOf('\n', host.key[0]);
  const text_ = `${indentation}subsets:\n${item(`${indentation}  `, name, label)}`;
  if (lineEnd !== -1) return insert([lineEnd + 1, lineEnd + 1], text_);
  return insert([part.text.length, part.text.length], `\n${text_}`);
}

function item(indentation: string, name: string, label: string): string {
  const value = /^[\d.]+$|^(?:true|false|null|y|n|yes|no|on|off)$/i.test(name) ? `"${name}"` : name;
  return `${indentation}- name: ${value}\n${indentation}  labels:\n${indentation}    ${label}: ${value}\n`;
}
