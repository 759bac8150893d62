import * as z from 'zod';
import { answerFields, answerOf } from './answer-fields.ts';
import { destinationFields, destinationOf } from './destination-fields.ts';
import { headers, method, path, status, text } from './fields.ts';
import { defineForm, type PatternOf } from './form.ts';
import { sessionFields, sessionOf } from './session-fields.ts';

export const http = defineForm({
  type: 'http',
  summary: 'Envía una petición por la dirección de entrada y mira su respuesta.',
  fields: {
    ruta: path.describe('Ruta que se pide, con su consulta si la tiene.'),
    ...destinationFields,
    metodo: method.describe('Método de HTTP.'),
    cabeceras: headers.describe('Cabeceras de la petición.'),
    estado: status.default(200).describe('Código de estado que debe tener la respuesta.'),
    contiene: z.array(text).max(20).default([]).describe('Textos que deben estar en la respuesta.'),
    ...answerFields,
    ...sessionFields,
  },
  toPattern: ({ ruta, metodo, cabeceras, estado, contiene, ...rest }) => ({
    ...destinationOf(rest),
    ...answerOf(rest),
    ...sessionOf(rest),
    /** Path at the entry address. */
    path: ruta,
    method: metodo,
    headers: cabeceras,
    status: estado,
    /** Every text must appear in the body. */
    contains: contiene,
  }),
  example: `
id: pagina
tipo: http
titulo: La página de productos responde
ruta: /productpage
contiene: [Simple Bookstore App]
`,
});

export type HttpPattern = PatternOf<typeof http>;
