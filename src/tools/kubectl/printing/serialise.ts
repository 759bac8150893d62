// Objects as kubectl prints them: keys in order, JSON with four spaces, YAML as Go writes it.
import { Document, isScalar, parse, visit } from 'yaml';

export function toJson(value: unknown): string {
  return `${JSON.stringify(sorted(value), undefined, 4)}\n`;
}

export function toYaml(value: unknown): string {
  const document = new Document(sorted(value), { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(key, node) {
      if (typeof node.value !== 'string') return;
      if (key !== 'key' && node.value.includes('\n')) node.type = 'BLOCK_LITERAL';
      else if (looksLikeSomethingElse(node.value)) node.type = 'QUOTE_DOUBLE';
    },
    Pair(_, pair) {
      if (isScalar(pair.key) && typeof pair.key.value === 'string' && looksLikeSomethingElse(pair.key.value))
        pair.key.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false, singleQuote: true, blockQuote: 'literal' });
}

/** managedFields are noise to a reader. */
export function presentable<T>(object: T, showManagedFields = false): T {
  if (showManagedFields || typeof object !== 'object' || object === null || !('metadata' in object)) return object;
  const { managedFields: _, ...metadata } = (object.metadata ?? {}) as Record<string, unknown>;
  return { ...object, metadata };
}

/** Text that YAML would read as a number, a boolean or nothing. */
function looksLikeSomethingElse(text: string): boolean {
  if (text === '' || /^(y|n|yes|no|on|off|true|false|null|~)$/i.test(text)) return true;
  if (!/^[-+.\d]/.test(text)) return false;
  try {
    return typeof parse(text, { version: '1.1' }) !== 'string';
  } catch {
    return false;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, v]) => [name, sorted(v)]));
}
