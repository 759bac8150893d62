// Writes src/simulator/api/generated/kubernetes.json from the OpenAPI v3 documents of a real API server: names, types, defaults,
// list and patch keys, without descriptions. Run it as
//   node scripts/generate-kubernetes-schemas.ts FOLDER
// where FOLDER holds those documents as JSON files (kubectl get --raw /openapi/v3/apis/apps/v1 > FOLDER/apps-v1.json, …).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = Record<string, unknown>;

const kept = new Set([
  'type',
  'format',
  'required',
  'enum',
  'default',
  'oneOf',
  'x-kubernetes-patch-strategy',
  'x-kubernetes-patch-merge-key',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type',
  'x-kubernetes-int-or-string',
  'x-kubernetes-preserve-unknown-fields',
]);

const folder = process.argv[2];
if (!folder) throw new Error('Say the folder of the OpenAPI v3 documents.');
const definitions: Record<string, Json> = {};
const kinds: Record<string, string> = {};
for (const file of readdirSync(folder)
  .filter((f) => f.endsWith('.json'))
  .sort()) {
  const document = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    components?: { schemas?: Record<string, Json> };
  };
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    definitions[name] = compact(schema);
    const gvks = schema['x-kubernetes-group-version-kind'] as
      | { group: string; version: string; kind: string }[]
      | undefined;
    // Types such as DeleteOptions belong to every group: they are no kind of ours.
    const [only, ...more] = gvks ?? [];
    if (only && more.length === 0)
      kinds[`${only.group === '' ? '' : `${only.group}/`}${only.version}/${only.kind}`] = name;
  }
}
const target = join(import.meta.dirname, '../src/simulator/api/generated/kubernetes.json');
writeFileSync(target, `${JSON.stringify({ kinds: sorted(kinds), definitions: sorted(definitions) })}\n`);

function compact(schema: Json): Json {
  const result: Json = {};
  for (const [key, value] of Object.entries(schema)) {
    if (kept.has(key)) result[key] = value;
    else if (key === 'properties')
      result[key] = Object.fromEntries(
        Object.entries(value as Json).map(([name, child]) => [name, compact(child as Json)]),
      );
    else if ((key === 'items' || key === 'additionalProperties') && typeof value === 'object')
      result[key] = compact(value as Json);
    else if (key === '$ref') result[key] = lastPart(value);
    else if (key === 'allOf' && Array.isArray(value) && value.length === 1)
      result.$ref = lastPart((value[0] as Json).$ref);
  }
  return result;
}

function lastPart(reference: unknown): string {
  return String(reference).split('/').at(-1) ?? '';
}

function sorted<T>(map: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
