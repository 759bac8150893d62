// From the snake_case of Envoy's admin page to the camelCase in which istioctl prints the same messages.

/** Their content is a map or free-form: its keys stay as they are. */
const MAPS = new Set(['typed_per_filter_config', 'typed_extension_protocol_options', 'providers', 'policies']);
const FREE = new Set(['filter_metadata', 'static_layer', 'value']);

export function camelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name = key.startsWith('@')
        ? key
        : key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
      if (key === 'metadata' && !isTyped(inner)) return [name, inner];
      if (FREE.has(key)) return [name, inner];
      return [name, MAPS.has(key) ? mapValues(inner) : camelCase(inner)];
    }),
  );
}

/** Envoy's own Metadata message has filter_metadata; a node's metadata is a free-form object. */
function isTyped(value: unknown): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    'filter_metadata' in value ||
    'kind' in value ||
    'metadata_key' in value
  );
}

function mapValues(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return camelCase(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, camelCase(inner)]));
}
