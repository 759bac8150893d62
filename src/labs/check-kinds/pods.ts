import * as z from 'zod';
import { name, text } from './fields.ts';
import { defineForm, given, type PatternOf } from './form.ts';

export const pods = defineForm({
  type: 'pods',
  summary: 'Cuenta los pods listos de un selector y mira si llevan sidecar.',
  fields: {
    espacio: name.describe('Su espacio de nombres.'),
    selector: text.describe('Selector de etiquetas, como en kubectl.'),
    minimo: z
      .int()
      .min(1)
      .max(1_000)
      .default(1)
      .describe('Cuántos pods listos debe haber por lo menos; y ninguno sin estar listo.'),
    sidecar: z.boolean().optional().describe('true: todos con istio-proxy; false: ninguno; sin escribir: da igual.'),
  },
  toPattern: ({ espacio: namespace, selector, minimo: atLeast, sidecar }) => ({
    namespace,
    selector,
    atLeast,
    ...given({ sidecar }),
  }),
  example: `
id: dentro
tipo: pods
titulo: reviews está en la malla
espacio: default
selector: app=reviews
minimo: 3
sidecar: true
`,
});

export type PodsPattern = PatternOf<typeof pods>;
