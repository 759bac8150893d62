import * as z from 'zod';
import { expression, text } from './fields.ts';
import { defineForm, given, type PatternOf } from './form.ts';

export const respuesta = defineForm({
  type: 'respuesta',
  summary: 'Pregunta algo al alumno y compara lo que escribe, sin tener en cuenta tildes, mayúsculas ni espacios.',
  fields: {
    pregunta: text.describe('Lo que se pregunta.'),
    vale: z.array(text).min(1).max(50).optional().describe('Las respuestas que se dan por buenas.'),
    patron: expression.optional().describe('En lugar de «vale»: expresión RE2 que se busca en la respuesta.'),
    numero: z
      .strictObject({ valor: z.number(), tolerancia: z.number().min(0).default(0) })
      .optional()
      .describe('En lugar de «vale»: un número, y cuánto puede separarse de él la respuesta.'),
  },
  problem: ({ vale, patron, numero }) =>
    [vale, patron, numero].filter((way) => way !== undefined).length === 1
      ? undefined
      : 'lleva «vale», «patron» o «numero», uno de los tres',
  toPattern: ({ pregunta, vale, patron, numero }) => ({
    question: pregunta,
    ...given({
      /** Texts that are right. */
      accepts: vale,
      /** RE2, searched in the answer. */
      expression: patron,
      number: numero && { value: numero.valor, tolerance: numero.tolerancia },
    }),
  }),
  example: `
id: codigo
tipo: respuesta
titulo: Sabes qué contesta la puerta cuando ninguna regla recoge la ruta
pregunta: ¿Qué código HTTP da la puerta a una ruta que nadie ha publicado?
numero: {valor: 404}
`,
});

export type AnswerPattern = PatternOf<typeof respuesta>;
