// The shape of a field in a few words.

import { t } from './say.ts';
import type { Schema } from './schema/schema.ts';

export function shapeText(schema: Schema): string {
  if (schema.enum)
    return schema.enum.length <= 4 ? schema.enum.join(' | ') : t('una de {0} palabras', schema.enum.length);
  if (schema.intOrString) return t('número o texto');
  if (schema.type === 'array') return t('lista de {0}', plural(schema.items));
  if (schema.properties) return t('objeto');
  if (schema.additionalProperties) return t('mapa de nombre a {0}', shapeText(schema.additionalProperties));
  const base = schema.type ? wordOf(schema.type) : t('cualquier valor');
  return `${base}${boundsText(schema)}`;
}

/** Bounds and pattern, for a hover: empty when there are none. */
export function boundsText({ minimum, maximum, maxLength }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return ` ${t('de {0} a {1}', minimum, maximum)}`;
  if (minimum !== undefined) return ` ${t('de {0} o más', minimum)}`;
  if (maximum !== undefined) return ` ${t('de {0} o menos', maximum)}`;
  return maxLength === undefined ? '' : ` ${t('de hasta {0} letras', maxLength)}`;
}

/** A type of a schema; what is none of them stays as it is. */
export function wordOf(type: string | undefined): string {
  const word = type !== undefined && Object.hasOwn(words, type) ? words[type] : undefined;
  return word?.() ?? String(type);
}

const words: Record<string, () => string> = {
  string: () => t('texto'),
  integer: () => t('número entero'),
  number: () => t('número'),
  boolean: () => t('true o false'),
  object: () => t('objeto'),
  array: () => t('lista'),
};

function plural(schema: Schema | undefined): string {
  if (!schema) return t('valores');
  if (schema.enum) return schema.enum.join(' | ');
  const many: Record<string, string> = {
    string: t('textos'),
    integer: t('números enteros'),
    number: t('números'),
    object: t('objetos'),
  };
  return (schema.type && many[schema.type]) ?? t('valores');
}
