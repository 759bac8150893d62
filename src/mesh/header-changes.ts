// `headers` of a rule or a destination, and `rewrite.authority`.
import type { HeaderChanges } from './decision.ts';
import { fields, present, stringMap, text, texts } from './read.ts';

export interface RuleHeaders {
  request: HeaderChanges | undefined;
  response: HeaderChanges | undefined;
  /** Setting `host` or `:authority` among request headers rewrites the authority. */
  authority: string | undefined;
}

export function readHeaders(spec: unknown): RuleHeaders {
  const { request, response } = fields(spec);
  const set = stringMap(fields(request).set);
  const authority = set.get(':authority') ?? set.get('host') ?? set.get('Host');
  return { request: readChanges(request), response: readChanges(response), authority };
}

function readChanges(spec: unknown): HeaderChanges | undefined {
  if (!present(spec)) return undefined;
  const { set, add, remove } = fields(spec);
  const changes: HeaderChanges = {
    set: pairs(set),
    add: pairs(add),
    remove: texts(remove).map((name) => name.toLowerCase()),
  };
  const empty = changes.set.length + changes.add.length + changes.remove.length === 0;
  return empty ? undefined : changes;
}

function pairs(spec: unknown): [string, string][] {
  return Object.entries(fields(spec)).flatMap(([name, value]): [string, string][] => {
    const lower = name.toLowerCase();
    if (lower === 'host' || lower === ':authority') return [];
    return [[lower, text(value) ?? '']];
  });
}
