// Kubernetes objects as CEL sees them: typed by their schema.

/** As much of an OpenAPI schema as the types of values need. */
export interface ValueSchema {
  type?: string | undefined;
  items?: ValueSchema | undefined;
  properties?: Readonly<Record<string, ValueSchema>> | undefined;
  additionalProperties?: ValueSchema | boolean | undefined;
}

/** Without a schema, whole numbers are integers. Integers are `int`, other numbers `double`; objects are maps, so that no field name is special. */
export function toCel(value: unknown, schema: ValueSchema | undefined): unknown {
  if (typeof value === 'number') {
    const whole = schema?.type === 'integer' || (schema?.type !== 'number' && Number.isInteger(value));
    return whole && Number.isInteger(value) ? BigInt(value) : value;
  }
  if (Array.isArray(value)) return value.map((item) => toCel(item, schema?.items));
  if (!isMap(value)) return value ?? null;
  const additional = typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  return new Map(
    Object.entries(value)
      .filter(([, item]) => item !== null && item !== undefined)
      .map(([key, item]) => {
        const property = schema?.properties?.[key];
        return [property ? escaped(key) : key, toCel(item, property ?? additional)];
      }),
  );
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Property names that are no CEL identifiers, as the API server makes them ones. */
function escaped(name: string): string {
  if (reserved.has(name)) return `__${name}__`;
  if (!/__|[./-]/.test(name)) return name;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}

const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
