// The line of a student's YAML that a cause points at, with the lines around it.
import { placeOf } from '../../yaml/object-place.ts';
import { safeLines } from '../handin/safe-text.ts';
import type { Graded, GradedStep } from '../replay/graded.ts';
import type { Excerpt } from './class-result.ts';

const around = 4;
const longestLine = 200;

interface At {
  kind: string;
  namespace?: string | undefined;
  name: string;
  path?: string | undefined;
  file?: string | undefined;
  line?: number | undefined;
}

/** By the file and line of the cause; else where the object is written, in the student's files or as it was applied. */
export function excerptOf(at: At | undefined, step: GradedStep, { texts }: Pick<Graded, 'texts'>): Excerpt | undefined {
  if (!at) return undefined;
  const files = step.files.map(({ path, sha256 }) => ({ path, text: texts[sha256] ?? '' }));
  const told = files.find((f) => f.path === at.file);
  if (told && at.line !== undefined) return cut(told.path, told.text, at.line);
  const objects = step.applied.map(({ kind, name, sha256 }) => ({
    path: `${kind} ${name}`,
    text: texts[sha256] ?? '',
  }));
  const { kind, name, namespace, path } = at;
  const wanted = {
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(path === undefined ? {} : { path }),
  };
  const found = placeOf(wanted, [...objects, ...files]);
  const text = [...files, ...objects].find((f) => f.path === found?.file)?.text;
  return found && text !== undefined ? cut(found.file, text, found.line) : undefined;
}

function cut(file: string, text: string, line: number): Excerpt | undefined {
  const lines = safeLines(text).split('\n');
  if (line > lines.length) return undefined;
  const from = Math.max(1, line - around);
  const shown = lines
    .slice(from - 1, line + around)
    .map((l) => (l.length > longestLine ? `${l.slice(0, longestLine)}…` : l));
  return { file, line, from, lines: shown };
}
