import * as z from 'zod';
import { method, name, status, text } from './fields.ts';
import { defineForm, given, type PatternOf } from './form.ts';

/** A name without `@`, with which curl would read a file. */
const headers = z
  .record(
    z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'debe ser un nombre de cabecera'),
    z
      .string()
      .max(8_000)
      .regex(/^[^\r\n\0]*$/, 'debe ser de una sola línea'),
  )
  .default({});

export const podRequestFields = {
  desde: z
    .strictObject({
      espacio: name,
      selector: text.describe('Selector de etiquetas, como en kubectl.'),
      contenedor: name.optional(),
    })
    .describe(
      'Pod que envía la petición: su espacio de nombres, su selector y, si no es el principal, su contenedor, que debe tener curl.',
    ),
  url: z
    .string()
    .max(2_000)
    .regex(/^https?:\/\/[^\s/?#@]+([/?#][^\s]*)?$/, 'debe ser una dirección http o https, sin espacios ni usuario')
    .refine((url) => URL.canParse(url), 'no es una dirección válida')
    .describe('Dirección que se pide, como la escribe quien está dentro del pod: http://httpbin:8000/headers.'),
  metodo: method.describe('Método de HTTP.'),
  cabeceras: headers.describe('Cabeceras de la petición.'),
  cuerpo: z.string().max(10_000).optional().describe('Cuerpo de la petición.'),
};

export const peticion = defineForm({
  type: 'peticion',
  summary: 'Envía una petición desde dentro de un pod, con su curl, y mira su respuesta.',
  fields: {
    ...podRequestFields,
    estado: status.optional().describe('Código de estado que debe tener la respuesta; sin «fallo», 200.'),
    fallo: z
      .enum(['reinicio', 'rechazo', 'tiempo', 'nombre'])
      .optional()
      .describe(
        'En vez de «estado», cómo debe fallar sin respuesta de HTTP: la conexión se corta (reinicio), se rechaza (rechazo), no contesta a tiempo (tiempo) o el nombre no se resuelve (nombre).',
      ),
    contiene: z.array(text).max(20).default([]).describe('Textos que deben estar en la respuesta.'),
    noContiene: z.array(text).max(20).default([]).describe('Textos que no deben estar en la respuesta.'),
  },
  problem: ({ estado, fallo, contiene, noContiene }) => {
    if (fallo === undefined) return undefined;
    if (estado !== undefined) return 'se escribe «estado» o «fallo», no los dos';
    return contiene.length + noContiene.length > 0 ? 'con «fallo» no hay respuesta en la que buscar textos' : undefined;
  },
  toPattern: ({ desde, url, metodo, cabeceras, cuerpo, estado, fallo, contiene, noContiene }) => ({
    from: { namespace: desde.espacio, selector: desde.selector, ...given({ container: desde.contenedor }) },
    url,
    method: metodo,
    headers: cabeceras,
    ...given({ body: cuerpo }),
    /** A status, or how it must fail without one. */
    expected: expectedOf(estado, fallo),
    /** Every text must appear in the body. */
    contains: contiene,
    /** None of these may. */
    excludes: noContiene,
  }),
  example: `
id: sin-sidecar
tipo: peticion
titulo: Desde fuera de la malla la conexión se corta
desde: {espacio: fuera, selector: app=curl}
url: http://httpbin.default:8000/headers
fallo: reinicio
`,
});

export type ExpectedEnd = { status: number } | { failure: 'reset' | 'refused' | 'timeout' | 'dns' };

function expectedOf(status: number | undefined, failure: keyof typeof failures | undefined): ExpectedEnd {
  return failure === undefined ? { status: status ?? 200 } : { failure: failures[failure] };
}

const failures = { reinicio: 'reset', rechazo: 'refused', tiempo: 'timeout', nombre: 'dns' } as const;

export type PodRequestPattern = PatternOf<typeof peticion>;
