// The shape of a field in a few Spanish words.
import type { Schema } from './schema/schema.ts';

export function shapeText(schema: Schema): string {
  if (schema.enum) return schema.enum.length <= 4 ? schema.enum.join(' | ') : `una de ${schema.enum.length} palabras`;
  if (schema.intOrString) return 'número o texto';
  if (schema.type === 'array') return `lista de ${plural(schema.items)}`;
  if (schema.properties) return 'objeto';
  if (schema.additionalProperties) return `mapa de nombre a ${shapeText(schema.additionalProperties)}`;
  const base = (schema.type && words[schema.type]) ?? 'cualquier valor';
  return `${base}${boundsText(schema)}`;
}

/** Bounds and pattern, for a hover: empty when there are none. */
export function boundsText({ minimum, maximum, maxLength }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return ` de ${minimum} a ${maximum}`;
  if (minimum !== undefined) return ` de ${minimum} o más`;
  if (maximum !== undefined) return ` de ${maximum} o menos`;
  return maxLength === undefined ? '' : ` de hasta ${maxLength} letras`;
}

export const words: Record<string, string> = {
  string: 'texto',
  integer: 'número entero',
  number: 'número',
  boolean: 'true o false',
  object: 'objeto',
  array: 'lista',
};

function plural(schema: Schema | undefined): string {
  if (!schema) return 'valores';
  if (schema.enum) return schema.enum.join(' | ');
  const many: Record<string, string> = {
    string: 'textos',
    integer: 'números enteros',
    number: 'números',
    object: 'objetos',
  };
  return (schema.type && many[schema.type]) ?? 'valores';
}
