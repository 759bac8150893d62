import * as z from 'zod';
import { headers, method, path, text } from './fields.ts';
import { defineForm, given, type PatternOf } from './form.ts';

export const traza = defineForm({
  type: 'traza',
  summary: 'Envía una petición por la dirección de entrada y busca su traza en Jaeger.',
  fields: {
    ruta: path.describe('Ruta que se pide.'),
    metodo: method.describe('Método de HTTP.'),
    cabeceras: headers.describe('Cabeceras de la petición.'),
    servicios: z
      .array(text)
      .min(1)
      .max(30)
      .describe('Servicios que deben estar en la traza, como los llama Jaeger: productpage.default.'),
    tramos: z.int().min(1).max(500).optional().describe('Cuántos tramos debe tener, por lo menos.'),
    propia: z
      .boolean()
      .default(true)
      .describe(
        'true: la petición lleva un identificador de traza suyo, y se guarda siempre. false: no lleva ninguno, y es la malla quien decide si la guarda.',
      ),
  },
  toPattern: ({ ruta, metodo, cabeceras, servicios, tramos, propia }) => ({
    path: ruta,
    method: metodo,
    headers: cabeceras,
    services: servicios,
    /** True: the request brings its own trace, sampled; false: the mesh decides whether it is. */
    own: propia,
    ...given({ spans: tramos }),
  }),
  example: `
id: entera
tipo: traza
titulo: La traza llega hasta details
ruta: /productpage
servicios: [productpage.default, details.default]
`,
});

export type TracePattern = PatternOf<typeof traza>;
