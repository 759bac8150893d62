// What may be written in a lab.md, as JSON schema: for completion in editors and for other tools.
import * as z from 'zod';
import type { CheckForm } from './check-kinds/form.ts';
import { forms } from './check-kinds/forms.ts';
import { schemaOf } from './check-schema.ts';
import { frontMatterSchema } from './front-matter.ts';

export interface JsonSchema {
  type?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
}

/** Of the YAML at the top of the file. */
export function frontMatterJsonSchema(): JsonSchema {
  return z.toJSONSchema(frontMatterSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
}

/** Type of check → what one of it may hold. */
export function checkJsonSchemas(): Record<string, JsonSchema> {
  return Object.fromEntries(
    (Object.values(forms) as unknown as CheckForm[]).map((form) => [
      form.type,
      {
        ...z.toJSONSchema(schemaOf(form), { io: 'input', unrepresentable: 'any' }),
        description: form.summary,
      } as JsonSchema,
    ]),
  );
}

/** One file for both: `{ frontMatter, checks: { anyOf } }` of JSON Schema 2020-12. */
export function labJsonSchema(): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Laboratorio de Malla',
    description: 'La cabecera de lab.md y los bloques «yaml comprobaciones» de sus pasos.',
    $defs: { cabecera: frontMatterJsonSchema(), comprobacion: { anyOf: Object.values(checkJsonSchemas()) } },
    type: 'object',
    properties: {
      cabecera: { $ref: '#/$defs/cabecera' },
      comprobaciones: { type: 'array', items: { $ref: '#/$defs/comprobacion' } },
    },
  };
}
