// The numbers and types of the fields of Envoy's messages that the embedded cluster writes on the wire, from the Go module
// that publishes Envoy's definitions (its version is in envoy-fields/go.mod).
// Usage: node scripts/generate-envoy-fields.ts [MESSAGE…]: the messages that the table has, and those named.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const output = at('../src/simulator/istio/xds/generated/envoy-fields.json');

interface Published {
  messages: Record<string, Record<string, { number: number; type: string }>>;
  enums: Record<string, Record<string, number>>;
}

const printed = execFileSync('go', ['run', '.'], { cwd: at('envoy-fields'), encoding: 'utf8', maxBuffer: 1e8 });
const published = JSON.parse(printed) as Published;
const before = JSON.parse(readFileSync(output, 'utf8')) as { messages: object };
const wanted = new Set([...Object.keys(before.messages), ...process.argv.slice(2)]);

const messages: Record<string, string> = {};
const enums = new Set<string>();
for (const name of [...wanted].sort()) {
  const fields = published.messages[name];
  if (!fields) throw new Error(`no such message: ${name}`);
  const kept = Object.entries(fields)
    .filter(([, { type }]) => isWritten(type))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [, { type }] of kept) if (type.startsWith('enum ')) enums.add(type.slice('enum '.length));
  messages[name] = JSON.stringify(Object.fromEntries(kept.map(([field, { number, type }]) => [field, [number, type]])));
}
const values = Object.fromEntries(
  [...enums].sort().map((name) => {
    const all = Object.entries(published.enums[name] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return [name, JSON.stringify(Object.fromEntries(all))];
  }),
);
writeFileSync(output, `{\n  "messages": ${lines(messages)},\n  "enums": ${lines(values)}\n}\n`);
console.log(`${wanted.size} messages, ${enums.size} enums`);

/** A field whose message is not among them is never written. */
function isWritten(type: string): boolean {
  const of = type.replace(/^map /, '');
  return !of.includes('.') || of.startsWith('enum ') || of.startsWith('google.protobuf.') || wanted.has(of);
}

/** One member a line. */
function lines(members: Record<string, string>): string {
  return `{\n${Object.entries(members)
    .map(([name, text]) => `    ${JSON.stringify(name)}: ${text}`)
    .join(',\n')}\n  }`;
}
