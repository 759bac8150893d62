// `headers` of a rule or a destination, and `rewrite.authority`.
import type { HeaderChanges } from './decision.ts';
import type { MeshRequest } from './engine.ts';
import { compileHeaderValue, type HeaderValue } from './header-values.ts';
import { fields, present, stringMap, text, texts } from './read.ts';
import { addHeader } from './repeated-headers.ts';

export interface RuleHeaders {
  request: Changes | undefined;
  response: Changes | undefined;
  /** Setting `host` or `:authority` among request headers rewrites the authority. */
  authority: string | undefined;
}

interface Changes {
  remove: readonly string[];
  set: readonly Pair[];
  add: readonly Pair[];
}

type Pair = readonly [string, HeaderValue];

/** Changes in the order in which they are made; the same object for all requests when no value depends on them. */
export type ChangesFor = (request: MeshRequest) => readonly HeaderChanges[];

export function readHeaders(spec: unknown): RuleHeaders {
  const { request, response } = fields(spec);
  const set = stringMap(fields(request).set);
  const authority = set.get(':authority') ?? set.get('host') ?? set.get('Host');
  return { request: readChanges(request), response: readChanges(response), authority };
}

/**
 * A rule's changes and those of the destination that was drawn. A single destination is one with its rule: what both
 * remove goes first, and the destination has the last word. One of several makes its changes before the rule does.
 */
export function combine(
  rule: Changes | undefined,
  destination: Changes | undefined,
  single: boolean,
): ChangesFor | undefined {
  if (!rule || !destination) {
    const only = rule ?? destination;
    return only && sequence([only]);
  }
  if (!single) return sequence([destination, rule]);
  return sequence([
    { ...rule, remove: [...rule.remove, ...destination.remove] },
    { ...destination, remove: [] },
  ]);
}

/** Changes to the headers of an answer of the proxy's own. */
export function changed(
  headers: Readonly<Record<string, string>>,
  changes: readonly HeaderChanges[] | undefined,
): Record<string, string> {
  const result: Record<string, string> = { ...headers };
  for (const { remove, set, add } of changes ?? []) {
    for (const name of remove) delete result[name];
    for (const [name, value] of set) result[name] = value;
    for (const [name, value] of add) addHeader(result, name, value, 'answer');
  }
  return result;
}

function sequence(steps: readonly Changes[]): ChangesFor {
  const pairs = steps.flatMap(({ set, add }) => [...set, ...add]);
  const make = (request: MeshRequest) => steps.map((step) => worded(step, request));
  if (pairs.some(([, value]) => typeof value !== 'string')) return make;
  const constant = make(NO_REQUEST);
  return () => constant;
}

const NO_REQUEST: MeshRequest = { authority: '', port: 0, method: '', path: '', headers: {} };

function worded({ remove, set, add }: Changes, request: MeshRequest): HeaderChanges {
  const written = ([name, value]: Pair): [string, string] => [name, typeof value === 'string' ? value : value(request)];
  return { remove, set: set.map(written), add: add.map(written) };
}

function readChanges(spec: unknown): Changes | undefined {
  if (!present(spec)) return undefined;
  const { set, add, remove } = fields(spec);
  const changes: Changes = {
    set: pairs(set),
    add: pairs(add),
    remove: texts(remove).map((name) => name.toLowerCase()),
  };
  const empty = changes.set.length + changes.add.length + changes.remove.length === 0;
  return empty ? undefined : changes;
}

function pairs(spec: unknown): Pair[] {
  return Object.entries(fields(spec)).flatMap(([name, value]): Pair[] => {
    const lower = name.toLowerCase();
    if (lower === 'host' || lower === ':authority') return [];
    return [[lower, compileHeaderValue(text(value) ?? '')]];
  });
}
