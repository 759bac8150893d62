// The `comprobaciones` of a step, as authors write them and as the engine takes them.
import * as z from 'zod';
import { identifier, text } from './check-kinds/fields.ts';
import type { CheckForm } from './check-kinds/form.ts';
import { forms } from './check-kinds/forms.ts';
import type { CheckDeclaration } from './lab.ts';

const byType: Readonly<Record<string, CheckForm>> = forms as unknown as Record<string, CheckForm>;

/** What all kinds have, and the fields of one. */
export function schemaOf(form: CheckForm): z.ZodObject {
  return z.strictObject({
    id: identifier.describe('Nombre de la comprobación, distinto de los demás del paso.'),
    tipo: z.literal(form.type),
    titulo: text.describe('Lo que se lee junto a la marca: el hecho que debe ser verdad.'),
    ...form.fields,
  });
}

const kinds = Object.values(byType).map((form) => [form.type, schemaOf(form)] as const);
const schemas = new Map<string, z.ZodObject>(kinds);

export type ReadCheck = { declaration: CheckDeclaration } | { issues: z.core.$ZodIssue[] };

/** `line` is that of the check in lab.md. */
export function readCheck(written: unknown, line: number): ReadCheck {
  const { tipo } = (typeof written === 'object' && written !== null ? written : {}) as { tipo?: unknown };
  const schema = typeof tipo === 'string' ? schemas.get(tipo) : undefined;
  const form = typeof tipo === 'string' ? byType[tipo] : undefined;
  if (!schema || !form) {
    const message = `no es una clase de comprobación conocida; las hay de estas: ${[...schemas.keys()].join(', ')}`;
    return { issues: [{ code: 'custom', path: ['tipo'], message, input: tipo }] };
  }
  const result = schema.safeParse(written);
  if (!result.success) return { issues: result.error.issues };
  const message = form.problem?.(result.data as never);
  if (message !== undefined) return { issues: [{ code: 'custom', path: [], message, input: written }] };
  const { id, titulo: title } = result.data as { id: string; titulo: string };
  const pattern = form.toPattern(result.data as never);
  return { declaration: { id, title, line, type: form.type, pattern } as CheckDeclaration };
}
