// `delegate`: rules of a VirtualService that are written in another, and how the two are made one. What counts as part of
// a root's match is istiod's: I:pilot/pkg/model/virtualservice.go.
import { namespaceOf, visibility } from './config-objects.ts';
import type { Source } from './decision.ts';
import { isMade } from './gateway-api/made.ts';
import type { KubeObject } from './objects.ts';
import { fields, items, present, text, texts } from './read.ts';

type Fields = Readonly<Record<string, unknown>>;

/** One entry of `http`. */
export interface HttpRule {
  spec: Fields;
  /** Of the object that it is written in, where short host names are looked up. */
  namespace: string;
  source: Source;
  /** The root's rule, when this one is its delegate's. */
  delegatedBy?: Source;
  /** Where a field of an entry of `match` is written; undefined: in this rule, at the same index. */
  matchSource?: (index: number, field: string) => Source;
  /** Made of a route of the Gateway API, whose rules hold where they differ. */
  gatewayApi?: true;
}

export interface Dropped {
  source: Source;
  why: 'delegate-not-found' | 'delegate-not-visible' | 'delegate-conflict';
  /** namespace/name of the delegate. */
  delegate: string;
}

export function ownRules(object: KubeObject): HttpRule[] {
  const namespace = namespaceOf(object);
  const { kind, metadata } = object;
  return items(fields(object.spec).http).map((spec, index) => ({
    spec: fields(spec),
    namespace,
    source: { kind, namespace, name: metadata.name, path: `spec.http[${index}]` },
    ...(isMade(object) && { gatewayApi: true as const }),
  }));
}

/** One level only: what a delegate delegates has no effect. */
export function resolveDelegates(
  rules: readonly HttpRule[],
  find: (key: string) => KubeObject | undefined,
): { rules: HttpRule[]; dropped: Dropped[] } {
  const dropped: Dropped[] = [];
  const resolved = rules.flatMap((root): HttpRule[] => {
    if (!present(root.spec.delegate)) return [root];
    const { name, namespace } = fields(root.spec.delegate);
    const delegate = `${text(namespace) || root.namespace}/${text(name) ?? ''}`;
    const source = { ...root.source, path: `${root.source.path}.delegate` };
    const object = find(delegate);
    if (!object) {
      dropped.push({ source, why: 'delegate-not-found', delegate });
      return [];
    }
    if (!visibility(fields(object.spec).exportTo, namespaceOf(object))(root.namespace)) {
      dropped.push({ source, why: 'delegate-not-visible', delegate });
      return [];
    }
    return ownRules(object).flatMap((own): HttpRule[] => {
      const merged = present(own.spec.delegate) ? undefined : merge(root, own);
      if (!merged) dropped.push({ source: own.source, why: 'delegate-conflict', delegate });
      return merged ? [merged] : [];
    });
  });
  return { rules: resolved, dropped };
}

/** What the delegate does not say, the root says for it. */
const INHERITED = [
  'rewrite',
  'directResponse',
  'timeout',
  'retries',
  'fault',
  'mirror',
  'mirrorPercent',
  'mirrorPercentage',
  'mirrors',
  'corsPolicy',
  'headers',
];

function merge(root: HttpRule, own: HttpRule): HttpRule | undefined {
  const matches = mergeMatches(root, own);
  if (!matches) return undefined;
  const spec: Record<string, unknown> = { ...own.spec };
  for (const field of INHERITED) if (!present(spec[field]) && present(root.spec[field])) spec[field] = root.spec[field];
  const name = joined(text(root.spec.name), text(own.spec.name));
  if (name) spec.name = name;
  spec.match = matches.map(({ match }) => match);
  return {
    spec,
    namespace: own.namespace,
    source: own.source,
    delegatedBy: root.source,
    matchSource: (index, field) => matches[index]?.at(field) ?? own.source,
  };
}

interface MergedMatch {
  match: Fields;
  at(field: string): Source;
}

/** Undefined: an entry of the delegate is part of no entry of the root. */
function mergeMatches(root: HttpRule, own: HttpRule): MergedMatch[] | undefined {
  const at = (rule: HttpRule, index: number): Source => ({
    ...rule.source,
    path: `${rule.source.path}.match[${index}]`,
  });
  const single = (rule: HttpRule): MergedMatch[] =>
    items(rule.spec.match).map((match, index) => ({ match: fields(match), at: () => at(rule, index) }));
  const roots = items(root.spec.match).map(fields);
  const leaves = items(own.spec.match).map(fields);
  if (roots.length === 0) return single(own);
  if (leaves.length === 0) return single(root);
  const merged: MergedMatch[] = [];
  for (const [index, leaf] of leaves.entries()) {
    const before = merged.length;
    for (const [rootIndex, rootMatch] of roots.entries()) {
      if (conflict(rootMatch, leaf)) continue;
      merged.push({
        match: mergeMatch(rootMatch, leaf),
        at: (field) => (isIn(leaf, field) ? at(own, index) : at(root, rootIndex)),
      });
    }
    if (merged.length === before) return undefined;
  }
  return merged;
}

/** `headers.end-user` or `uri`. */
function isIn(match: Fields, field: string): boolean {
  const dot = field.indexOf('.');
  if (dot < 0) return field === '' || present(match[field]);
  return present(fields(match[field.slice(0, dot)])[field.slice(dot + 1)]);
}

const MAPS = ['headers', 'withoutHeaders', 'queryParams', 'sourceLabels'];
const STRINGS = ['uri', 'scheme', 'method', 'authority'];

function mergeMatch(root: Fields, leaf: Fields): Fields {
  const merged: Record<string, unknown> = { ...root, ...leaf };
  for (const field of MAPS) {
    if (present(root[field]) || present(leaf[field]))
      merged[field] = { ...fields(root[field]), ...fields(leaf[field]) };
  }
  const name = joined(text(root.name), text(leaf.name));
  if (name) merged.name = name;
  return merged;
}

function joined(root: string | undefined, own: string | undefined): string {
  return root && own ? `${root}-${own}` : own || root || '';
}

function conflict(root: Fields, leaf: Fields): boolean {
  if (STRINGS.some((field) => stringConflict(root[field], leaf[field]))) return true;
  for (const field of ['headers', 'withoutHeaders', 'queryParams']) {
    const wanted = fields(root[field]);
    for (const [key, value] of Object.entries(fields(leaf[field]))) {
      if (Object.hasOwn(wanted, key) && stringConflict(wanted[key], value)) return true;
    }
  }
  if ((root.ignoreUriCase === true) !== (leaf.ignoreUriCase === true)) return true;
  return otherConflict(root, leaf);
}

function otherConflict(root: Fields, leaf: Fields): boolean {
  if (root.port && leaf.port && root.port !== leaf.port) return true;
  if (root.sourceNamespace && leaf.sourceNamespace && root.sourceNamespace !== leaf.sourceNamespace) return true;
  const labels = fields(root.sourceLabels);
  for (const [key, value] of Object.entries(fields(leaf.sourceLabels))) {
    if (Object.hasOwn(labels, key) && labels[key] !== value) return true;
  }
  const gateways = texts(root.gateways);
  return gateways.length > 0 && texts(leaf.gateways).some((gateway) => !gateways.includes(gateway));
}

/** Whether what the leaf takes is not all of it what the root takes. Regular expressions cannot be compared. */
function stringConflict(root: unknown, leaf: unknown): boolean {
  if (!present(root) || !present(leaf)) return false;
  const [wide, narrow] = [fields(root), fields(leaf)];
  if (text(wide.regex) || text(narrow.regex)) return true;
  const [exact, prefix] = [text(wide.exact), text(wide.prefix)];
  if (exact) return narrow.exact !== exact;
  if (!prefix) return true;
  const start = text(narrow.prefix) || text(narrow.exact);
  return start === undefined || !start.startsWith(prefix);
}
