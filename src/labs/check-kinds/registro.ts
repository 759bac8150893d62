import * as z from 'zod';
import { expression, headers, method, name, path, text } from './fields.ts';
import { defineForm, given, type PatternOf } from './form.ts';
import { podRequestFields } from './peticion.ts';

const source = {
  espacio: name.describe('Espacio de nombres de los pods.'),
  selector: text.describe('Selector de etiquetas, como en kubectl.'),
  contenedor: name
    .default('istio-proxy')
    .describe('Contenedor cuyo registro se lee; istio-proxy tiene el de las peticiones.'),
};

const request = z
  .union([
    z.strictObject({
      ruta: path.describe('Ruta en la dirección de entrada.'),
      metodo: method,
      cabeceras: headers,
    }),
    z.strictObject(podRequestFields),
  ])
  .optional()
  .describe(
    'Petición que se envía antes, por la dirección de entrada (con «ruta») o desde un pod (con «desde» y «url», como en la comprobación «peticion»): solo cuentan las líneas que deja ella.',
  );

export const registro = defineForm({
  type: 'registro',
  summary: 'Lee el registro de un contenedor y busca líneas, por ejemplo las de las peticiones en istio-proxy.',
  fields: {
    ...source,
    patron: expression.describe('Expresión RE2 que se busca en cada línea.'),
    minimo: z.int().min(1).max(1_000).default(1).describe('En cuántas líneas debe estar, por lo menos.'),
    maximo: z
      .int()
      .min(0)
      .max(1_000)
      .optional()
      .describe('En cuántas puede estar como mucho, en lugar de «minimo»: 0 si no debe estar.'),
    peticion: request,
    tambien: z
      .strictObject(source)
      .optional()
      .describe('Otro registro en el que debe estar la misma petición, con el mismo x-request-id.'),
  },
  problem: ({ minimo, maximo, peticion, tambien }) => {
    if (maximo !== undefined && (minimo > 1 || tambien)) return '«maximo» no se escribe con «minimo» ni con «tambien»';
    return peticion && minimo > 1 ? 'con «peticion» solo cuenta la línea de una: «minimo» debe ser 1' : undefined;
  },
  toPattern: ({ espacio, selector, contenedor, patron, minimo, maximo, peticion, tambien }) => ({
    source: { namespace: espacio, selector, container: contenedor },
    /** RE2, searched in each line. */
    line: patron,
    atLeast: maximo === undefined ? minimo : 0,
    ...given({
      atMost: maximo,
      /** Sent first; only its lines count. */
      request: peticion && requestOf(peticion),
      /** Where the same request must be too. */
      also: tambien && { namespace: tambien.espacio, selector: tambien.selector, container: tambien.contenedor },
    }),
  }),
  example: `
id: tetera
tipo: registro
titulo: La petición está en los dos registros
espacio: default
selector: app=curl
patron: '"GET /status/418 HTTP/1.1" 418'
tambien:
  espacio: default
  selector: app=httpbin
`,
});

/** By the entry address, or by the curl of a pod. */
function requestOf(written: NonNullable<z.output<typeof request>>) {
  const common = { method: written.metodo, headers: written.cabeceras };
  if ('ruta' in written) return { path: written.ruta, ...common };
  const { espacio, selector, contenedor } = written.desde;
  return {
    from: { namespace: espacio, selector, ...given({ container: contenedor }) },
    url: written.url,
    ...common,
    ...given({ body: written.cuerpo }),
  };
}

export type LogPattern = PatternOf<typeof registro>;
