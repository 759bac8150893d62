import { z } from 'zod';
import { destinationFields, destinationOf } from './destination-fields.ts';
import { expression, headers, identifier, path } from './fields.ts';
import { defineForm, type PatternOf } from './form.ts';

export const reparto = defineForm({
  type: 'reparto',
  summary: 'Mide cómo se reparte el tráfico, con las peticiones que hagan falta para estar seguro.',
  fields: {
    ruta: path.describe('Ruta que se pide.'),
    ...destinationFields,
    cabeceras: headers.describe('Cabeceras de cada petición.'),
    clases: z
      .record(identifier, expression)
      .describe('Nombre → expresión RE2 que se busca en la respuesta. La que no case con ninguna es «otro».'),
    esperado: z
      .record(identifier, z.number().min(0))
      .refine((weights) => Object.values(weights).some((w) => w > 0), 'algún peso debe ser mayor que cero')
      .describe('Nombre → peso, en la escala que se quiera; lo que no se nombra pesa 0.'),
  },
  toPattern: ({ ruta, cabeceras, clases, esperado, ...destination }) => ({
    ...destinationOf(destination),
    path: ruta,
    headers: cabeceras,
    /** Class → RE2 pattern searched in the body. A body that matches none is class `otro`. */
    classes: clases,
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
