// Fields that a body gives twice: the last one counts, and the API server warns of it or refuses, as the client asked.
import { contentType } from './body.ts';
import type { ApiRequest } from './request.ts';

/** As the API server gives up counting. */
const MOST = 100;

/** In the API server's words, one text a complaint. Of a body that could be read. */
export async function repeatedFields(request: ApiRequest): Promise<string[]> {
  const type = contentType(request);
  if (type === 'application/vnd.kubernetes.protobuf' || request.body.length === 0) return [];
  const text = utf8(request.body);
  if (type !== 'application/yaml' || text.trimStart().startsWith('{'))
    return repeatedInJson(text).map((path) => `duplicate field "${path}"`);
  const complaint = await repeatedInYaml(request.body);
  return complaint === undefined ? [] : [complaint];
}

interface Level {
  path: string;
  /** Keys seen so far; undefined for a list. */
  keys?: Set<string>;
  /** Where in the list. */
  index: number;
  /** The key whose value comes next. */
  key?: string | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The paths of keys that an object of valid JSON has more than once: `spec.replicas`, `spec.containers[0].name`. */
export function repeatedInJson(text: string): string[] {
  const found: string[] = [];
  const levels: Level[] = [];
  let level: Level | undefined;
  // Only what gives the text its shape is looked at, and strings, because they may hold the same signs.
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(text, at);
        if (level?.keys && level.key === undefined) {
          level.key = JSON.parse(text.slice(at, end + 1)) as string;
          if (level.keys.has(level.key)) found.push(pathOf(level));
          if (found.length === MOST) return found;
          level.keys.add(level.key);
        }
        at = end;
        break;
      }
      case 0x7b: // {
      case 0x5b: // [
        level = { path: level ? pathOf(level) : '', index: 0 };
        if (text[at] === '{') level.keys = new Set();
        levels.push(level);
        break;
      case 0x7d: // }
      case 0x5d: // ]
        levels.pop();
        level = levels.at(-1);
        break;
      case 0x2c: // ,
        if (level?.keys) level.key = undefined;
        else if (level) level.index += 1;
    }
  }
  return found;
}

/** Where the quote is that ends the string which the one at `start` begins. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text.charCodeAt(before - 1) === BACKSLASH) before--;
  return (at - before) % 2 === 1;
}

function pathOf({ path, keys, key = '', index }: Level): string {
  if (!keys) return `${path}[${index}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** In the words of Go's YAML reader; undefined when no key is there twice. */
export async function repeatedInYaml(body: Uint8Array): Promise<string | undefined> {
  const text = utf8(body);
  // Most clients send JSON, of which this can be told without reading it as YAML.
  if (text.trimStart().startsWith('{') && isJson(text) && repeatedInJson(text).length === 0) return undefined;
  const { parseDocument, LineCounter, visit, isScalar } = await import('./yaml-when-needed.ts');
  const lineCounter = new LineCounter();
  // The library compares each key of a map with all the others.
  const document = parseDocument(text, { lineCounter, merge: true, logLevel: 'silent', uniqueKeys: false });
  const found: number[] = [];
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key) || key.value === '<<') continue;
        if (seen.has(key.value)) found.push(key.range?.[0] ?? 0);
        seen.add(key.value);
      }
    },
  });
  const lines = found
    .sort((one, other) => one - other)
    .slice(0, MOST)
    .map((at) => `  line ${lineCounter.linePos(at).line}: key ${keyAt(text, at)} already set in map`);
  return lines.length === 0 ? undefined : `yaml: unmarshal errors:\n${lines.join('\n')}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function keyAt(text: string, at: number): string {
  const [whole = '', double, single] = /^"((?:[^"\\]|\\.)*)"|^'((?:[^']|'')*)'|^[^:\n]+/.exec(text.slice(at)) ?? [];
  return JSON.stringify(double ?? single ?? whole.trim());
}
