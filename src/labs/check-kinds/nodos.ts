import * as z from 'zod';
import { expression, name } from './fields.ts';
import { defineForm, given, type PatternOf } from './form.ts';

export const nodos = defineForm({
  type: 'nodos',
  summary: 'Mira las máquinas del clúster: cuántos nodos hay, si están listos y qué son.',
  fields: {
    minimo: z.int().min(1).max(1_000).default(1).describe('Cuántos nodos debe haber por lo menos.'),
    nombres: z
      .array(name)
      .max(100)
      .default([])
      .describe('Nodos que deben estar. Solo en clústeres con esos nombres: en kind se llaman de otra manera.'),
    version: expression.optional().describe('Expresión RE2 que cumple la versión del kubelet de todos.'),
    runtime: expression.optional().describe('Expresión RE2 que cumple el runtime de todos, como containerd://1.7.24.'),
    roles: z
      .record(name, z.int().min(1).max(1_000))
      .default({})
      .describe('Cuántos nodos de cada papel debe haber por lo menos, como control-plane: 1.'),
    listos: z
      .boolean()
      .default(true)
      .describe('false: basta con que el nodo esté registrado, aunque todavía no esté listo.'),
    preparadas: z
      .boolean()
      .default(false)
      .describe(
        'true: también cuentan las máquinas que aún no son nodos y ya tienen lo que pide kubeadm; donde Malla no entra en las máquinas, un nodo listo es la prueba de que lo tiene.',
      ),
  },
  toPattern: ({ minimo, nombres, version, runtime, roles, listos, preparadas }) => ({
    atLeast: minimo,
    names: nombres,
    roles,
    ready: listos,
    prepared: preparadas,
    ...given({ version, runtime }),
  }),
  example: `
id: tres
tipo: nodos
titulo: Hay tres nodos listos
minimo: 3
roles: {control-plane: 1}
version: ^v1\\.3
`,
});

export type NodesPattern = PatternOf<typeof nodos>;
