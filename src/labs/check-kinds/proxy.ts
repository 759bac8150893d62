import * as z from 'zod';
import { expression, name, text } from './fields.ts';
import { defineForm, given, type PatternOf } from './form.ts';

export const proxy = defineForm({
  type: 'proxy',
  summary: 'Mira la configuración que tiene el Envoy de un pod: lo que ha recibido, no lo que está guardado.',
  fields: {
    espacio: name.describe('Espacio de nombres del pod.'),
    selector: text.describe('Selector de etiquetas del pod, como en kubectl. Debe llevar istio-proxy.'),
    seccion: z
      .enum(['clusters', 'endpoints', 'listeners', 'routes', 'secrets', 'bootstrap'])
      .describe('Parte de la configuración, como en «istioctl proxy-config».'),
    nombre: expression
      .optional()
      .describe('Expresión RE2 que se busca en el nombre de cada elemento; sin ella, todos. En bootstrap no se usa.'),
    coincide: z
      .unknown()
      .optional()
      .describe(
        'La parte del elemento que debe ser así, con los nombres de campo de Envoy. Los mapas pueden estar incompletos; las listas, no.',
      ),
    existe: z.boolean().default(true).describe('false: no debe haber ningún elemento así.'),
  },
  toPattern: ({ espacio, selector, seccion, nombre, coincide, existe }) => ({
    namespace: espacio,
    selector,
    section: seccion,
    /** RE2, searched in the name. */
    ...given({ name: nombre, matches: coincide }),
    /** False: none must be so. */
    exists: existe,
  }),
  example: `
id: subset
tipo: proxy
titulo: El Envoy de productpage conoce el subset v2 de reviews
espacio: default
selector: app=productpage
seccion: clusters
nombre: '^outbound\\|9080\\|v2\\|reviews\\.'
`,
});

export type ProxyPattern = PatternOf<typeof proxy>;
