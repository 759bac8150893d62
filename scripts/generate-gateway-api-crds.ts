// The CRDs of the Gateway API as one file that kubectl applies: descriptions dropped, all else kept.
// Usage: node scripts/generate-gateway-api-crds.ts <folder config/crd/standard of the module sigs.k8s.io/gateway-api>
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';

const KINDS = [
  ...['gatewayclasses', 'gateways', 'httproutes', 'grpcroutes', 'tcproutes', 'tlsroutes', 'udproutes'],
  ...['listenersets', 'backendtlspolicies', 'referencegrants'],
];
const HEADER = `# Los CRD del Gateway API de Kubernetes (canal «standard»), sin sus descripciones: lo que instala
#   kubectl apply -f https://github.com/kubernetes-sigs/gateway-api/releases/download/VERSION/standard-install.yaml
# Generado con scripts/generate-gateway-api-crds.ts de sigs.k8s.io/gateway-api VERSION.
# Copyright The Kubernetes Authors. Licencia Apache 2.0: https://www.apache.org/licenses/LICENSE-2.0
`;

const output = fileURLToPath(new URL('../samples/gateway-api/standard-install.yaml', import.meta.url));
const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('Uso: node scripts/generate-gateway-api-crds.ts <carpeta config/crd/standard>');
  process.exit(64);
}

const crds = KINDS.map((plural) => {
  const file = join(folder, `gateway.networking.k8s.io_${plural}.yaml`);
  return withoutDescriptions(parse(readFileSync(file, 'utf8')));
});
const version = versionOf(crds[0]);
const documents = crds.map((crd) => `---\n${stringify(crd, { lineWidth: 0, aliasDuplicateObjects: false })}`);
writeFileSync(output, HEADER.replaceAll('VERSION', version) + documents.join(''));
console.log(`${crds.length} CRD de ${version}, ${readFileSync(output).length} bytes`);

function versionOf(crd: unknown): string {
  const { metadata } = crd as { metadata: { annotations: Record<string, string> } };
  return metadata.annotations['gateway.networking.k8s.io/bundle-version'] ?? '';
}

/** A property that is itself called `description` has a schema, not a text, and stays. */
function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name, v]) => name !== 'description' || typeof v !== 'string');
  return Object.fromEntries(kept.map(([name, v]) => [name, withoutDescriptions(v)]));
}
