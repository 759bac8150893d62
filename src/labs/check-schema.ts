// The `comprobaciones` of a step, as authors write them (Spanish keys) and as the engine takes them.
import { RE2JS } from 're2js';
import { z } from 'zod';
import type { CheckDeclaration } from './lab.ts';

const text = z.string().min(1).max(500);
const name = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'debe ser un nombre en minúsculas, con cifras, guiones y puntos');
const identifier = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'debe ser un identificador en minúsculas, con cifras y guiones');
const path = z.string().regex(/^\//, 'debe empezar por /');
const headers = z.record(z.string(), z.string()).default({});
const base = { id: identifier, titulo: text };

const pattern = z.string().refine((value) => {
  try {
    RE2JS.compile(value);
    return true;
  } catch {
    return false;
  }
}, 'no es una expresión regular de RE2');

export const checkSchema = z.discriminatedUnion('tipo', [
  z.strictObject({
    ...base,
    tipo: z.literal('objeto'),
    recurso: z.strictObject({ apiVersion: text, kind: text, espacio: name.optional(), nombre: name }),
    existe: z.boolean().default(true),
    coincide: z.unknown().optional(),
  }),
  z.strictObject({
    ...base,
    tipo: z.literal('pods'),
    espacio: name,
    selector: text,
    minimo: z.int().min(1).default(1),
    sidecar: z.boolean().optional(),
  }),
  z.strictObject({ ...base, tipo: z.literal('inyeccion'), espacio: name }),
  z.strictObject({
    ...base,
    tipo: z.literal('http'),
    ruta: path,
    metodo: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE']).default('GET'),
    cabeceras: headers,
    estado: z.int().min(100).max(599).default(200),
    contiene: z.array(text).default([]),
  }),
  z.strictObject({
    ...base,
    tipo: z.literal('reparto'),
    ruta: path,
    cabeceras: headers,
    clases: z.record(identifier, pattern),
    esperado: z
      .record(identifier, z.number().min(0))
      .refine((weights) => Object.values(weights).some((w) => w > 0), 'algún peso debe ser mayor que cero'),
  }),
]);

type Written = z.infer<typeof checkSchema>;

/** `line` is that of the check in lab.md. */
export function toDeclaration(written: Written, line: number): CheckDeclaration {
  const { id, titulo: title } = written;
  switch (written.tipo) {
    case 'objeto': {
      const { apiVersion, kind, espacio, nombre } = written.recurso;
      const object = { apiVersion, kind, name: nombre, exists: written.existe };
      return {
        id,
        title,
        line,
        type: 'objeto',
        object: {
          ...object,
          ...(espacio === undefined ? {} : { namespace: espacio }),
          ...(written.coincide === undefined ? {} : { matches: written.coincide }),
        },
      };
    }
    case 'pods': {
      const { espacio: namespace, selector, minimo: atLeast, sidecar } = written;
      return {
        id,
        title,
        line,
        type: 'pods',
        pods: { namespace, selector, atLeast, ...(sidecar === undefined ? {} : { sidecar }) },
      };
    }
    case 'inyeccion':
      return { id, title, line, type: 'inyeccion', namespace: written.espacio };
    case 'http': {
      const { ruta, metodo, cabeceras, estado, contiene } = written;
      return {
        id,
        title,
        line,
        type: 'http',
        http: { path: ruta, method: metodo, headers: cabeceras, status: estado, contains: contiene },
      };
    }
    case 'reparto': {
      const { ruta, cabeceras, clases, esperado } = written;
      return {
        id,
        title,
        line,
        type: 'reparto',
        split: { path: ruta, headers: cabeceras, classes: clases, expected: esperado },
      };
    }
  }
}
