// The YAML between the two `---` lines at the top of lab.md.
import { type Document, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { headers, path } from './check-kinds/fields.ts';
import type { Problems } from './problem.ts';

const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'debe ser un identificador en minúsculas, con cifras y guiones');

export const frontMatterSchema = z.strictObject({
  id: identifier,
  titulo: z.string().min(1).max(120),
  capitulo: z.boolean().default(false),
  // Read before the text is, by parameters.ts.
  parametros: z.unknown().optional(),
  minutos: z.int().min(1).max(600),
  clusters: z.array(z.enum(['embebido', 'kind', 'kubeadm'])).min(1),
  cluster: z.literal('maquinas').optional(),
  requiere: z.array(identifier).default([]),
  objetivos: z.array(z.string().min(1).max(300)).min(1),
  trafico: z
    .array(
      z.strictObject({
        ruta: path,
        ritmo: z.number().min(0.1).max(20),
        cabeceras: headers,
      }),
    )
    .max(5)
    .default([])
    .refine(
      (flows) => flows.reduce((sum, f) => sum + f.ritmo, 0) <= 20,
      'entre todos pasan de 20 peticiones por segundo',
    ),
});

export type FrontMatter = z.infer<typeof frontMatterSchema>;

/** The front matter and the number of lines it takes. Undefined when it is missing or wrong: the problems say how. */
export function readFrontMatter(text: string, problems: Problems): { matter: FrontMatter | undefined; lines: number } {
  const lines = text.split('\n');
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || end < 0) {
    problems.add(
      'MALLA-LAB-02',
      1,
      'Falta la cabecera YAML entre dos líneas «---».',
      'Empieza el fichero con «---», los datos del laboratorio y otro «---».',
    );
    return { matter: undefined, lines: 0 };
  }
  const counter = new LineCounter();
  const document = parseDocument(lines.slice(1, end).join('\n'), { lineCounter: counter });
  for (const error of document.errors) {
    const at = counter.linePos(error.pos[0]);
    problems.add(
      'MALLA-LAB-03',
      at.line + 1,
      `La cabecera no es YAML válido: ${error.code}.`,
      'Corrige la sintaxis de esa línea.',
      at.col,
    );
  }
  if (document.errors.length > 0) return { matter: undefined, lines: end + 1 };
  const result = frontMatterSchema.safeParse(withoutAliases(document));
  if (result.success) return { matter: result.data, lines: end + 1 };
  for (const issue of result.error.issues) {
    problems.add(
      'MALLA-LAB-04',
      2,
      `En la cabecera, ${issue.path.join('.') || 'el conjunto'}: ${spanishIssue(issue)}.`,
      'Mira la lista de campos en docs/escribir-un-lab.md.',
    );
  }
  return { matter: undefined, lines: end + 1 };
}

/** The document's value, or undefined when it has aliases: a lab needs none, and with them a few lines make gigabytes. */
export function withoutAliases(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}

/** A zod issue in Spanish; what schemas say themselves is Spanish already. */
export function spanishIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `sobra ${issue.keys.map((k) => `«${k}»`).join(', ')}`;
    case 'invalid_type':
      return issue.input === undefined ? 'falta este campo' : `debe ser de tipo ${issue.expected}`;
    case 'invalid_value':
      return `debe ser uno de: ${issue.values.join(', ')}`;
    case 'too_small':
      return `es demasiado corto o pequeño (mínimo ${String(issue.minimum)})`;
    case 'too_big':
      return `es demasiado largo o grande (máximo ${String(issue.maximum)})`;
    case 'invalid_union':
      return 'no es una clase de comprobación conocida';
    default:
      return issue.message;
  }
}
