// What can be written at a place of a rubric: the fields of the schema, and the names that the course has. Does not know
// `vscode`.
import { type CourseOutline, nameOfCheck } from '../../grading/rubric/against-course.ts';
import { rubricJsonSchema } from '../../grading/rubric/rubric.ts';

export interface Suggestion {
  label: string;
  insert: string;
  detail: string;
}

interface Schema {
  type?: string;
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: unknown[];
  const?: unknown;
  additionalProperties?: unknown;
}

/** `line` and `column` count from 0; the column is that of the cursor. */
export function completeRubric(text: string, line: number, column: number, course: CourseOutline): Suggestion[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const before = (lines[line] ?? '').slice(0, column);
  const path = pathAt(lines, line);
  const value = /(?:^|[\s{,])(\w+):\s*([\w/-]*)$/.exec(before)?.[1];
  const own = schemaAt(path.map((p) => p.key));
  if (value !== undefined) return valuesOf(value, own?.properties?.[value], lines, line, course);
  if (!/^\s*(-\s+)?\w*$/.test(before)) return [];
  const written = siblingsOf(lines, line);
  return Object.entries(own?.properties ?? {})
    .filter(([name]) => !written.has(name))
    .map(([name, { description = '', type }]) => ({
      label: name,
      insert: type === 'object' || type === 'array' ? `${name}:` : `${name}: `,
      detail: description,
    }));
}

interface Key {
  key: string;
  indent: number;
}

/** The keys that hold this line, outermost first. */
function pathAt(lines: readonly string[], line: number): Key[] {
  const path: Key[] = [];
  let indent = indentOf(lines[line] ?? '');
  for (let i = line - 1; i >= 0 && indent > 0; i--) {
    const key = /^(\s*(?:-\s+)?)(\w+):\s*$/.exec(lines[i] ?? '');
    if (!key || (key[1] ?? '').length >= indent) continue;
    path.unshift({ key: key[2] ?? '', indent: (key[1] ?? '').length });
    indent = indentOf(lines[i] ?? '');
  }
  return path;
}

/** Columns before the field; the dash of a list counts as its spaces. */
function indentOf(line: string): number {
  return (/^\s*(?:-\s+)?/.exec(line)?.[0] ?? '').length;
}

function schemaAt(path: readonly string[]): Schema | undefined {
  let schema: Schema | undefined = rubricJsonSchema();
  for (const key of path) {
    schema = schema?.properties?.[key];
    schema = schema?.items ?? schema;
  }
  return schema;
}

/** Fields of the same map: same column, not broken by one further out or by another item of a list. */
function siblingsOf(lines: readonly string[], line: number): Set<string> {
  const own = indentOf(lines[line] ?? '');
  const found = new Set<string>();
  const look = (step: 1 | -1): void => {
    let last = line;
    for (let i = line + step; i >= 0 && i < lines.length; i += step) {
      const text = lines[i] ?? '';
      if (text.trim() === '') continue;
      const starts = /^\s*-\s/.test(text) && indentOf(text) === own;
      if (indentOf(text) < own || (step === 1 && starts) || (step === -1 && /^\s*-\s/.test(lines[last] ?? ''))) return;
      const key = indentOf(text) === own ? /^\s*(?:-\s+)?(\w+):/.exec(text)?.[1] : undefined;
      if (key !== undefined) found.add(key);
      if (indentOf(text) === own) last = i;
    }
  };
  look(1);
  look(-1);
  return found;
}

function valuesOf(
  field: string,
  schema: Schema | undefined,
  lines: readonly string[],
  line: number,
  course: CourseOutline,
): Suggestion[] {
  if (field === 'lab') return course.map((l) => plain(l.id, l.title));
  if (field === 'comprobacion') {
    const lab = course.find((l) => l.id === labAbove(lines, line));
    return (lab?.checks ?? []).map((c) => plain(nameOfCheck(c), c.title));
  }
  const values = schema?.enum ?? (schema?.const === undefined ? [] : [schema.const]);
  if (schema?.type === 'boolean') return [plain('true', ''), plain('false', '')];
  return values.map((v) => plain(String(v), ''));
}

function labAbove(lines: readonly string[], line: number): string | undefined {
  for (let i = line; i >= 0; i--) {
    const found = /(?:^|[\s{,-])lab:\s*([\w-]+)/.exec(lines[i] ?? '')?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

function plain(label: string, detail: string): Suggestion {
  return { label, insert: label, detail };
}
