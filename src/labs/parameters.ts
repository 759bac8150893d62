// Parameters of a lab: values drawn from a seed that replace `{{name}}` anywhere in its text before it is read, so that
// text, files, checks and solution agree. The same seed gives the same lab; a parameter more does not change the others.
import { isMap, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { evaluate } from './arithmetic.ts';
import { drawFrom } from './draw.ts';
import { spanishIssue, withoutAliases } from './front-matter.ts';
import type { Problems } from './problem.ts';

const most = 10_000;

const value = z.union([z.string().min(1).max(60), z.number()]).transform(String);
const oneLine = value.refine((v) => !/[\r\n{}]/.test(v), 'debe ser un texto de una línea, sin llaves');
const parameter = z.union(
  [
    z
      .strictObject({ entre: z.tuple([z.number(), z.number()]), paso: z.number().positive().default(1) })
      .refine(({ entre: [from, to] }) => from <= to, 'el primer número de «entre» debe ser el menor')
      .refine(({ entre: [from, to], paso }) => (to - from) / paso < most, `«entre» da más de ${most} valores`),
    z.strictObject({ uno: z.array(oneLine).min(1).max(200) }),
    z.strictObject({ calculo: z.string().min(1) }),
  ],
  'debe ser «entre: [a, b]» con o sin «paso», «uno: [a, b…]» o «calculo: "…"»',
);
export const parametersSchema = z.record(
  z.string().regex(/^[a-z][a-z0-9_]*$/, 'los nombres van en minúsculas, con cifras y _'),
  parameter,
);
type Parameters = z.output<typeof parametersSchema>;

/** The text with its parameters replaced. What is wrong goes to `problems`; a text without parameters comes back as it is. */
export function applyParameters(text: string, seed: string, problems: Problems): string {
  const found = readParameters(text, problems);
  if (!found) return text;
  const { parameters, lineOf } = found;
  const values = drawParameters(parameters, seed, (name, why) =>
    problems.add(
      'MALLA-LAB-32',
      lineOf(name),
      `No se puede calcular el parámetro «${name}»: ${why}.`,
      'Usa números, otros parámetros que sean números, + - * / % y paréntesis, sin que dos dependan uno de otro.',
    ),
  );
  return text
    .split('\n')
    .map((line, i) =>
      line.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (whole, name: string) => {
        const drawn = values.get(name);
        if (drawn !== undefined) return drawn;
        if (!(name in parameters))
          problems.add(
            'MALLA-LAB-31',
            i + 1,
            `No existe el parámetro «${name}».`,
            `Los que hay: ${Object.keys(parameters).join(', ')}.`,
          );
        return whole;
      }),
    )
    .join('\n');
}

/** Name → value. One that cannot be computed is left out and `fail` is told why. */
export function drawParameters(
  parameters: Parameters,
  seed: string,
  fail: (name: string, why: string) => void,
): Map<string, string> {
  const values = new Map<string, string>();
  // Begun, whether it has come to a value or not: none is begun twice.
  const begun = new Set<string>();
  const settle = (name: string): string | undefined => {
    const spec = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!spec || begun.has(name)) return values.get(name);
    begun.add(name);
    const drawn = 'calculo' in spec ? compute(name, spec.calculo) : choose(spec, drawFrom(`${seed}\n${name}`));
    if (drawn !== undefined) values.set(name, drawn);
    return drawn;
  };
  const compute = (name: string, formula: string): string | undefined => {
    const result = evaluate(formula, (other) => {
      const known = Number(settle(other) ?? Number.NaN);
      return Number.isNaN(known) ? undefined : known;
    });
    if ('value' in result) return printed(result.value);
    fail(name, result.problem);
    return undefined;
  };
  for (const name of Object.keys(parameters)) settle(name);
  return values;
}

function choose(spec: { entre: [number, number]; paso: number } | { uno: string[] }, chance: number): string {
  if ('uno' in spec) return spec.uno[Math.floor(chance * spec.uno.length)] ?? '';
  const [from, to] = spec.entre;
  // The tolerance is for steps like 0.1, whose sum falls short.
  const count = Math.floor((to - from) / spec.paso + 1e-9) + 1;
  return printed(from + Math.floor(chance * count) * spec.paso);
}

/** Without the noise of binary fractions. */
function printed(number: number): string {
  return String(Number(number.toFixed(6)));
}

function readParameters(
  text: string,
  problems: Problems,
): { parameters: Parameters; lineOf(name: string): number } | undefined {
  const lines = text.split('\n');
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || end < 0) return undefined;
  const counter = new LineCounter();
  const document = parseDocument(lines.slice(1, end).join('\n'), { lineCounter: counter });
  const written = (withoutAliases(document) as { parametros?: unknown } | undefined)?.parametros;
  // What is not YAML is told by who reads the front matter.
  if (written === undefined || document.errors.length > 0) return undefined;
  const node = document.get('parametros', true);
  const lineOf = (name: string): number => {
    const pair = isMap(node) ? node.items.find((item) => String(item.key) === name) : undefined;
    const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range;
    return range ? counter.linePos(range[0]).line + 1 : 2;
  };
  const result = parametersSchema.safeParse(written);
  if (result.success) return { parameters: result.data, lineOf };
  for (const issue of result.error.issues) {
    problems.add(
      'MALLA-LAB-30',
      lineOf(String(issue.path[0] ?? '')),
      `En los parámetros, ${issue.path.join('.') || 'el conjunto'}: ${issue.code === 'invalid_union' ? issue.message : spanishIssue(issue)}.`,
      'Mira cómo se escriben en docs/escribir-un-lab.md.',
    );
  }
  return undefined;
}
