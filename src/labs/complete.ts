// What can be written at a place of a lab.md: keys of its header, blocks, kinds of check and their keys.
import { containerNames } from './markdown.ts';
import { checkJsonSchemas, frontMatterJsonSchema, type JsonSchema } from './schemas.ts';

export interface Suggestion {
  label: string;
  /** What is put in place of the word at the cursor. */
  insert: string;
  /** Spanish. */
  detail: string;
}

/** `line` and `column` count from 0; the column is that of the cursor. Empty where there is nothing to suggest. */
export function completeLab(text: string, line: number, column: number): Suggestion[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const before = (lines[line] ?? '').slice(0, column);
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1;
  if (line > 0 && line < (end < 0 ? lines.length : end))
    return inFrontMatter(lines.slice(1, end < 0 ? undefined : end), before);
  const fence = openFence(lines, line);
  if (fence !== undefined) {
    const isChecks = /^```+ya?ml\s+comprobaciones\b/.test(lines[fence] ?? '');
    return isChecks ? inChecks(lines, fence, line, before) : [];
  }
  if (/^:::\s*\w*$/.test(before)) return containerNames.map((name) => plain(name, blocks[name]));
  if (/^```\w*$/.test(before)) return fences;
  return [];
}

const blocks: Record<(typeof containerNames)[number], string> = {
  pista: 'Una ayuda que se despliega.',
  solucion: 'Lo que hay que hacer: lo ejecutan las pruebas.',
  error: 'Un error típico: causa=MALLA-XXX-NN comprobacion=id Título.',
  pregunta: 'Una pregunta con su lista de respuestas.',
  nota: 'Un recuadro.',
  entonces: 'Qué era distinto en versiones anteriores.',
  clusters: 'Qué cambia en cada clase de clúster.',
};

const fences: Suggestion[] = [
  { label: 'yaml fichero', insert: '```yaml fichero=nombre.yaml', detail: 'Un fichero que el alumno puede crear.' },
  { label: 'bash ejecutar', insert: '```bash ejecutar', detail: 'Órdenes que se pueden ejecutar, una por línea.' },
  { label: 'yaml comprobaciones', insert: '```yaml comprobaciones', detail: 'Las comprobaciones del paso.' },
];

function inFrontMatter(lines: readonly string[], before: string): Suggestion[] {
  if (!/^\w*$/.test(before)) return [];
  return missingKeys(frontMatterJsonSchema(), keysOf(lines));
}

function inChecks(lines: readonly string[], fence: number, line: number, before: string): Suggestion[] {
  const schemas = checkJsonSchemas();
  if (/^(-\s+|\s+)tipo:\s*\w*$/.test(before)) {
    return Object.entries(schemas).map(([type, { description = '' }]) => plain(type, description));
  }
  const [from, to] = itemAround(lines, fence, line);
  const item = lines.slice(from, to).map((l) => l.replace(/^-/, ' ').trimStart());
  const type = item.map((l) => /^tipo:\s*(\w+)/.exec(l)?.[1]).find((t) => t !== undefined);
  const schema = type === undefined ? undefined : schemas[type];
  const value = /^(?:-\s+|\s+)(\w+):\s*\w*$/.exec(before)?.[1];
  if (value !== undefined) return valuesOf(schema?.properties?.[value]);
  if (!/^(-\s+|\s{2})\w*$/.test(before)) return [];
  const known: JsonSchema = schema ?? {
    properties: { id: {}, tipo: {}, titulo: {} },
    required: ['id', 'tipo', 'titulo'],
  };
  return missingKeys(known, keysOf(item));
}

/** The lines of the check that `line` belongs to: from its dash to the next. */
function itemAround(lines: readonly string[], fence: number, line: number): [number, number] {
  let from = line;
  while (from > fence + 1 && !/^-\s/.test(lines[from] ?? '')) from--;
  let to = line + 1;
  while (to < lines.length && !/^(-\s|```)/.test(lines[to] ?? '')) to++;
  return [from, to];
}

/** The line of the fence that is open at `line`. */
function openFence(lines: readonly string[], line: number): number | undefined {
  let open: { line: number; mark: string } | undefined;
  for (let i = 0; i < line; i++) {
    const mark = /^(```+)/.exec(lines[i] ?? '')?.[1];
    if (mark === undefined) continue;
    if (!open) open = { line: i, mark };
    else if (mark.length >= open.mark.length && (lines[i] ?? '').trim() === mark) open = undefined;
  }
  return open?.line;
}

function missingKeys({ properties = {}, required = [] }: JsonSchema, written: ReadonlySet<string>): Suggestion[] {
  return Object.entries(properties)
    .filter(([key]) => !written.has(key))
    .map(([key, { description = '' }]) => ({
      label: key,
      insert: `${key}: `,
      detail: `${description}${required.includes(key) ? ' Obligatorio.' : ''}`.trim(),
    }));
}

function valuesOf(schema: JsonSchema | undefined): Suggestion[] {
  const values = schema?.enum ?? (schema?.type === 'boolean' ? [true, false] : []);
  return values.map((value) => plain(String(value), value === schema?.default ? 'Lo que vale si no se escribe.' : ''));
}

function keysOf(lines: readonly string[]): Set<string> {
  return new Set(lines.flatMap((l) => /^(\w+):/.exec(l)?.[1] ?? []));
}

function plain(label: string, detail: string): Suggestion {
  return { label, insert: label, detail };
}
