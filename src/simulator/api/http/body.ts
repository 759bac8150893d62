// From the bytes of a request to plain data, refusing what would hurt: too deep, not JSON, keys that reach prototypes.
import { badRequest } from '../errors.ts';
import { parseMediaTypes } from './accept.ts';
import { goJsonError } from './go-json-error.ts';
import type { ApiRequest } from './request.ts';
import { unsupportedMediaType } from './status.ts';

export const bodyLimit = 3 * 1024 * 1024;
/** Kubernetes stops at 10,000; nothing real comes near this one, and our own recursive code stays far from its stack. */
const maximumDepth = 500;

const objectTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'] as const;

/** The body of a create, update or delete as data; undefined when there is none. Throws 415 and SyntaxError. */
export async function decodeBody(request: ApiRequest): Promise<unknown> {
  const type = contentType(request);
  if (request.body.length === 0) return undefined;
  if (type === undefined || type === 'application/json') return parseJson(request.body);
  if (type === 'application/yaml') return parseYaml(request.body);
  if (type === 'application/vnd.kubernetes.protobuf') {
    // Its table of fields is large and many sessions never need it.
    const { parseProtobuf } = await import('./protobuf.ts');
    const object = parseProtobuf(request.body);
    if (object) return object;
  }
  throw unsupportedMediaType(objectTypes);
}

export function contentType(request: ApiRequest): string | undefined {
  return parseMediaTypes(request.headers['content-type'])[0]?.type;
}

/** Throws SyntaxError with the message that Go's decoder would give. */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decodeText(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SyntaxError(goJsonError(text));
  }
  return harmless(value);
}

/** JSON is YAML too, and most clients send JSON under YAML types. */
export async function parseYaml(bytes: Uint8Array): Promise<unknown> {
  const text = decodeText(bytes);
  if (text.trimStart().startsWith('{')) return parseJson(bytes);
  const { parse } = await import('./yaml-when-needed.ts');
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100, merge: true, logLevel: 'error', uniqueKeys: false });
  } catch (error) {
    throw new SyntaxError(`yaml: ${yamlComplaint(error)}`);
  }
  return harmless(value);
}

/** In the words of the API server's own reader, where they are known. */
function yamlComplaint(error: unknown): string {
  const { code, linePos, message } = error as { code?: string; linePos?: { line: number }[]; message?: string };
  const line = linePos?.[0]?.line ?? 1;
  const known: Record<string, string> = {
    TAB_AS_INDENT: 'found character that cannot start any token',
    BAD_INDENT: 'did not find expected node content',
    MISSING_CHAR: "did not find expected ',' or ']'",
  };
  return `line ${line}: ${known[code ?? ''] ?? String(message).split('\n')[0]}`;
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw badRequest('the body of the request is not valid UTF-8');
  }
}

function harmless(root: unknown): unknown {
  const stack: [value: unknown, depth: number][] = [[root, 0]];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const [value, depth] = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth > maximumDepth) throw new SyntaxError('exceeded max depth');
    if (Object.hasOwn(value, '__proto__')) throw badRequest('the key "__proto__" is not allowed in an object');
    for (const child of Object.values(value)) stack.push([child, depth + 1]);
  }
  return root;
}
