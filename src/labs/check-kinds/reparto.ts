import * as z from 'zod';
import { destinationFields, destinationOf } from './destination-fields.ts';
import { expression, headers, identifier, path, status } from './fields.ts';
import { defineForm, given, type PatternOf } from './form.ts';
import { sessionFields, sessionOf } from './session-fields.ts';

export const reparto = defineForm({
  type: 'reparto',
  summary: 'Mide cómo se reparte el tráfico, con las peticiones que hagan falta para estar seguro.',
  fields: {
    ruta: path.describe('Ruta que se pide.'),
    ...destinationFields,
    cabeceras: headers.describe('Cabeceras de cada petición.'),
    clases: z
      .record(identifier, z.union([expression, z.strictObject({ estado: status })]))
      .describe(
        'Nombre → expresión RE2 que se busca en las respuestas 2xx, o {estado: …} para las de ese código. Lo que no case con ninguna es «otro».',
      ),
    esperado: z
      .record(identifier, z.number().min(0))
      .refine((weights) => Object.values(weights).some((w) => w > 0), 'algún peso debe ser mayor que cero')
      .describe('Nombre → peso, en la escala que se quiera; lo que no se nombra pesa 0.'),
    ...sessionFields,
  },
  toPattern: ({ ruta, cabeceras, clases, esperado, ...rest }) => ({
    ...destinationOf(rest),
    ...sessionOf(rest),
    path: ruta,
    headers: cabeceras,
    /** Class → RE2 pattern searched in the body. A body that matches none is class `otro`. */
    classes: textClasses(clases),
    ...given({
      /** Class → status of its answers, when there are such classes. */
      statuses: statusClasses(clases),
    }),
    /** Class → weight; any scale. Missing classes weigh 0. */
    expected: esperado,
  }),
  example: `
id: reparto
tipo: reparto
titulo: El 90 % de las respuestas es de v1 y el 10 % de v2
ruta: /api/v1/products/0/reviews
clases: {v1: reviews-v1-, v2: reviews-v2-}
esperado: {v1: 90, v2: 10}
`,
});

export type SplitPattern = PatternOf<typeof reparto>;

type Classes = Record<string, string | { estado: number }>;

function textClasses(classes: Classes): Record<string, string> {
  return Object.fromEntries(Object.entries(classes).flatMap(([k, c]) => (typeof c === 'string' ? [[k, c]] : [])));
}

function statusClasses(classes: Classes): Record<string, number> | undefined {
  const own = Object.entries(classes).flatMap(([k, c]) => (typeof c === 'string' ? [] : [[k, c.estado] as const]));
  return own.length > 0 ? Object.fromEntries(own) : undefined;
}
