import * as z from 'zod';
import { destinationFields, destinationOf } from './destination-fields.ts';
import { duration, headers, path, status } from './fields.ts';
import { defineForm, given, type PatternOf } from './form.ts';
import { sessionFields, sessionOf } from './session-fields.ts';

export const latencia = defineForm({
  type: 'latencia',
  summary: 'Mide cuánto tarda una petición, con tantas como hagan falta para estar seguro de un cuantil.',
  fields: {
    ruta: path.describe('Ruta que se pide.'),
    ...destinationFields,
    cabeceras: headers.describe('Cabeceras de cada petición.'),
    estado: status.default(200).describe('Solo cuentan las respuestas con este código de estado.'),
    cuantil: z
      .number()
      .min(0.01)
      .max(0.99)
      .default(0.5)
      .describe('Cuál se mira: 0.5 es la mediana, y 0.9 el tiempo que no pasan nueve de cada diez.'),
    minimo: duration.optional().describe('El cuantil no puede ser menor, como «2s» o «500ms».'),
    maximo: duration.optional().describe('El cuantil no puede ser mayor.'),
    ...sessionFields,
  },
  problem: ({ minimo, maximo }) => {
    if (minimo === undefined && maximo === undefined) return 'falta «minimo», «maximo» o los dos';
    return (minimo ?? 0) > (maximo ?? Number.POSITIVE_INFINITY) ? '«minimo» es mayor que «maximo»' : undefined;
  },
  toPattern: ({ ruta, cabeceras, estado, cuantil, minimo, maximo, ...rest }) => ({
    ...destinationOf(rest),
    ...sessionOf(rest),
    path: ruta,
    headers: cabeceras,
    status: estado,
    quantile: cuantil,
    /** Milliseconds; at least one of the two. */
    ...given({ minimum: minimo, maximum: maximo }),
  }),
  example: `
id: dos-segundos
tipo: latencia
titulo: La página tarda unos dos segundos
ruta: /productpage
minimo: 2s
maximo: 2.8s
`,
});

export type LatencyPattern = PatternOf<typeof latencia>;
