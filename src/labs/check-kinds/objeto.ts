import * as z from 'zod';
import { name, text } from './fields.ts';
import { defineForm, given, type PatternOf } from './form.ts';

export const objeto = defineForm({
  type: 'objeto',
  summary: 'Mira un objeto del clúster: si existe, y si sus campos son los que se piden.',
  fields: {
    recurso: z
      .strictObject({ apiVersion: text, kind: text, espacio: name.optional(), nombre: name })
      .describe('Qué objeto: apiVersion, kind, nombre y, si lo tiene, su espacio de nombres.'),
    existe: z.boolean().default(true).describe('false: el objeto no debe existir.'),
    coincide: z
      .unknown()
      .optional()
      .describe('La parte del objeto que debe ser así. Los mapas pueden estar incompletos; las listas, no.'),
    cumple: z
      .array(z.strictObject({ regla: z.string().min(1).max(2_000), mensaje: text }))
      .max(20)
      .default([])
      .describe('Reglas en CEL sobre `self`, el objeto; cada una con lo que se le dice a quien no la cumple.'),
  },
  toPattern: ({ recurso, existe, coincide, cumple }) => ({
    apiVersion: recurso.apiVersion,
    kind: recurso.kind,
    name: recurso.nombre,
    ...(recurso.espacio === undefined ? {} : { namespace: recurso.espacio }),
    /** False: the object must not exist. */
    exists: existe,
    /** Partial match: maps are subsets; lists have the same length and match item by item. */
    ...given({ matches: coincide }),
    /** CEL over `self`; `message` is what the one that is not kept means. */
    ...given({
      rules: cumple.length === 0 ? undefined : cumple.map(({ regla: rule, mensaje: message }) => ({ rule, message })),
    }),
  }),
  example: `
id: regla
tipo: objeto
titulo: El VirtualService reviews reparte entre dos destinos
recurso: {apiVersion: networking.istio.io/v1, kind: VirtualService, espacio: default, nombre: reviews}
coincide:
  spec: {hosts: [reviews]}
cumple:
  - regla: self.spec.http[0].route.size() == 2
    mensaje: la primera regla debe tener dos destinos
`,
});

export type ObjectPattern = PatternOf<typeof objeto>;
