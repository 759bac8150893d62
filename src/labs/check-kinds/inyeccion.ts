import { name } from './fields.ts';
import { defineForm, type PatternOf } from './form.ts';

export const inyeccion = defineForm({
  type: 'inyeccion',
  summary: 'Mira si los pods nuevos de un espacio de nombres recibirían sidecar.',
  fields: { espacio: name.describe('El espacio de nombres que debe tener la inyección activada.') },
  toPattern: ({ espacio: namespace }) => ({ namespace }),
  example: `
id: etiqueta
tipo: inyeccion
titulo: Los pods nuevos de default reciben sidecar
espacio: default
`,
});

export type InjectionPattern = PatternOf<typeof inyeccion>;
