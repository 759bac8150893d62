import { z } from 'zod';
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
  },
  toPattern: ({ recurso, existe, coincide }) => ({
    apiVersion: recurso.apiVersion,
    kind: recurso.kind,
    name: recurso.nombre,
    ...(recurso.espacio === undefined ? {} : { namespace: recurso.espacio }),
    /** False: the object must not exist. */
    exists: existe,
    /** Partial match: maps are subsets; lists have the same length and match item by item. */
    ...given({ matches: coincide }),
  }),
  example: `
id: regla
tipo: objeto
titulo: El VirtualService reviews reparte entre dos destinos
recurso: {apiVersion: networking.istio.io/v1, kind: VirtualService, espacio: default, nombre: reviews}
coincide:
  spec: {hosts: [reviews]}
`,
});

export type ObjectPattern = PatternOf<typeof objeto>;
