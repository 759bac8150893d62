// Istio's CRDs as compact JSON for Malla's own `istioctl install`: descriptions dropped, all else kept.
// Usage: node scripts/generate-istio-crds.ts <the official crd-all.gen.yaml>
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

const output = fileURLToPath(new URL('../src/tools/istioctl/generated/crds.json', import.meta.url));
const [source] = process.argv.slice(2);
if (!source) {
  console.error('Uso: node scripts/generate-istio-crds.ts <crd-all.gen.yaml>');
  process.exit(64);
}

const crds = parseAllDocuments(readFileSync(source, 'utf8'))
  .map((document) => document.toJS() as unknown)
  .filter((object) => object !== null)
  .map((object) => withoutDescriptions(object));
writeFileSync(output, `${JSON.stringify(crds)}\n`);
console.log(`${crds.length} CRD, ${readFileSync(output).length} bytes`);

/** A property that is itself called `description` has a schema, not a text, and stays. */
function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name, v]) => name !== 'description' || typeof v !== 'string');
  return Object.fromEntries(kept.map(([name, v]) => [name, withoutDescriptions(v)]));
}
