// From a name to where it is defined, to everywhere it is named, and to another name.
import type { FileEdit } from './diagnostics/problem.ts';
import { t } from './say.ts';
import { indexLines, type Position, type Range } from './text.ts';
import type { Place, Workspace } from './workspace.ts';

export interface Location {
  uri: string;
  range: Range;
}

/** Of the name under the cursor; empty when it is none, or when only the cluster has it. */
export function definitionsAt(workspace: Workspace, uri: string, position: Position): Location[] {
  const here = placeAt(workspace, uri, position);
  if (!here) return [];
  return workspace
    .places(here.occurrence.symbol)
    .filter(({ occurrence }) => occurrence.definition)
    .map(locationOf);
}

export function referencesAt(
  workspace: Workspace,
  uri: string,
  position: Position,
  withDefinition: boolean,
): Location[] {
  const here = placeAt(workspace, uri, position);
  if (!here) return [];
  return workspace
    .places(here.occurrence.symbol)
    .filter(({ occurrence }) => withDefinition || !occurrence.definition)
    .map(locationOf);
}

export type Renaming = { range: Range; name: string } | { refusal: string };

/** What would be renamed; undefined when nothing with a name is there. */
export function renamingAt(workspace: Workspace, uri: string, position: Position): Renaming | undefined {
  const here = placeAt(workspace, uri, position);
  if (!here) return undefined;
  const defined = workspace.places(here.occurrence.symbol).some(({ occurrence }) => occurrence.definition);
  if (!defined)
    return {
      refusal: t('Ningún fichero de esta carpeta lo define: cambiarlo aquí dejaría un nombre que no lleva a nada.'),
    };
  const [start, end] = here.occurrence.span;
  return { range: locationOf(here).range, name: here.part.text.slice(start, end) };
}

/** The edits in every file, or why the name will not do. */
export function renameAt(
  workspace: Workspace,
  uri: string,
  position: Position,
  name: string,
): { edits: FileEdit[] } | { refusal: string } {
  const here = placeAt(workspace, uri, position);
  const allowed = renamingAt(workspace, uri, position);
  if (!here || !allowed) return { refusal: t('Aquí no hay ningún nombre que cambiar.') };
  if ('refusal' in allowed) return allowed;
  const external = here.occurrence.symbol.startsWith('host ') && !here.occurrence.symbol.endsWith('.svc.cluster.local');
  const fits = external ? /^(?:\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/ : /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/;
  if (!fits.test(name))
    return { refusal: t('Un nombre lleva minúsculas, números y guiones, y empieza y acaba por letra o número.') };
  const places = workspace.places(here.occurrence.symbol);
  return { edits: places.map((place) => ({ ...locationOf(place), newText: name })) };
}

/** The name under the cursor, its ends included. */
export function placeAt(workspace: Workspace, uri: string, position: Position): Place | undefined {
  const file = workspace.file(uri);
  if (!file) return undefined;
  const offset = indexLines(file.text).offsetAt(position);
  for (const part of file.parts) {
    const inner = offset - part.offset;
    if (inner < 0 || inner > part.text.length) continue;
    for (const { occurrences } of part.objects)
      for (const occurrence of occurrences)
        if (occurrence.span[0] <= inner && inner <= occurrence.span[1]) return { file, part, occurrence };
  }
  return undefined;
}

function locationOf({ file, part, occurrence }: Place): Location {
  const [start, end] = occurrence.span;
  return { uri: file.uri, range: indexLines(file.text).rangeOf([start + part.offset, end + part.offset]) };
}
