// src/language/generated/schemas.json as text. A test fails when the file is not this.
import { parseAllDocuments } from 'yaml';
import { kindOfCrd } from '../src/language/schema/schema.ts';

const ISTIO = 'src/tools/istioctl/generated/crds.json';
const GATEWAY_API = 'samples/gateway-api/standard-install.yaml';

/** `read` gives the text of a file of the project. */
export function languageSchemas(read: (path: string) => string): string {
  const istio: unknown[] = JSON.parse(read(ISTIO));
  const gatewayApi = parseAllDocuments(read(GATEWAY_API)).map((document): unknown => document.toJS());
  const kinds = [...istio, ...gatewayApi].flatMap((crd) => kindOfCrd(crd) ?? []);
  return `${JSON.stringify(kinds)}\n`;
}
