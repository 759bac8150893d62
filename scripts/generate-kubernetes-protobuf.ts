// Writes src/simulator/api/generated/protobuf.json: field numbers, names and types of the messages that typed clients send,
// from the generated.proto files of k8s.io/api and k8s.io/apimachinery. Run it as
//   node scripts/generate-kubernetes-protobuf.ts MODULE-FOLDER [MODULE-FOLDER…]
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import schemas from '../src/simulator/api/generated/kubernetes.json' with { type: 'json' };

/** Number → [JSON name, type], type as `string`, `[]k8s.io.api.core.v1.Container`, `map:string`; name '' is inlined. */
type Message = Record<string, [name: string, type: string]>;

const messages: Record<string, Message> = {};
for (const folder of process.argv.slice(2)) {
  for (const file of globSync('**/generated.proto', { cwd: folder }))
    readProto(readFileSync(join(folder, file), 'utf8'));
}
const definitions = schemas.definitions as Record<string, { properties?: object }>;
const wanted = new Set<string>();
for (const definition of Object.keys(definitions)) want(messageOf(definition));
want('k8s.io.apimachinery.pkg.runtime.Unknown');
const chosen = Object.fromEntries([...wanted].sort().map((name) => [name, inlined(name)]));
const target = join(import.meta.dirname, '../src/simulator/api/generated/protobuf.json');
writeFileSync(target, `${JSON.stringify(chosen)}\n`);

function readProto(text: string): void {
  const prefix = /^package ([\w.]+);/m.exec(text)?.[1] ?? '';
  for (const [, name = '', body = ''] of text.matchAll(/^message (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const fields: Message = {};
    for (const line of body.split('\n')) {
      const map = /^ {2}map<string, ([\w.]+)> (\w+) = (\d+);/.exec(line);
      const plain = /^ {2}(optional|repeated) ([\w.]+) (\w+) = (\d+);/.exec(line);
      if (map) fields[map[3] ?? ''] = [map[2] ?? '', `map:${qualified(map[1] ?? '', prefix)}`];
      if (plain)
        fields[plain[4] ?? ''] = [
          plain[3] ?? '',
          `${plain[1] === 'repeated' ? '[]' : ''}${qualified(plain[2] ?? '', prefix)}`,
        ];
    }
    messages[`${prefix}.${name}`] = fields;
  }
}

function qualified(type: string, prefix: string): string {
  if (/^[a-z0-9]+$/.test(type)) return type;
  return type.includes('.') ? type.replace(/^\./, '') : `${prefix}.${type}`;
}

/** `io.k8s.api.core.v1.Pod` → `k8s.io.api.core.v1.Pod`. */
function messageOf(definition: string): string {
  return definition.replace(/^io\.k8s\./, 'k8s.io.');
}

function want(name: string): void {
  const message = messages[name];
  if (!message || wanted.has(name)) return;
  wanted.add(name);
  for (const [, type] of Object.values(message)) want(type.replace(/^(\[\]|map:)/, ''));
}

/** A message field whose name OpenAPI does not know is embedded: its fields stand beside the others in JSON. */
function inlined(name: string): Message {
  const message = messages[name] ?? {};
  const known = definitions[name.replace(/^k8s\.io\./, 'io.k8s.')]?.properties;
  if (!known) return message;
  return Object.fromEntries(
    Object.entries(message).map(([number, [field, type]]) => {
      // A few proto names differ from JSON's in their first letter: Webhooks.
      const lower = field.charAt(0).toLowerCase() + field.slice(1);
      const name = [field, lower].find((f) => f in known);
      return [number, [name ?? (type.includes('.') ? '' : field), type]];
    }),
  );
}
