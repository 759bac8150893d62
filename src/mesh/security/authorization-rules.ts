// One rule of an AuthorizationPolicy: `from`, `to` and `when`, each of which must hold.
import type { KubeObject } from '../objects.ts';
import { fields, items, text, texts } from '../read.ts';
import { type Asked, type Attribute, conditionAttribute, operationAttributes, sourceAttributes } from './attributes.ts';
import type { ValueTest } from './values.ts';

export interface AuthorizationRule {
  index: number;
  holds(asked: Asked): boolean;
  /** YAML path inside the policy of the first part that does not hold. */
  missing(asked: Asked): string;
}

interface Test {
  /** `from[0].source.principals`. */
  path: string;
  attribute: Attribute;
  values: readonly ValueTest[];
  negated: boolean;
}

/** All tests of one entry must hold. */
interface Entry {
  path: string;
  tests: readonly Test[];
}

export interface RuleScope {
  /** The policy's. */
  namespace: string;
  /**
   * Of a connection that is no HTTP nothing can be asked about requests. A rule that keeps out leaves those parts away,
   * and holds for more; one that lets in then holds for nothing at all, whatever its other entries say.
   */
  keepsOut: boolean;
}

export function compileRules({ spec }: KubeObject, scope: RuleScope): AuthorizationRule[] {
  return items(fields(spec).rules).map((rule, index) => compileRule(fields(rule), index, scope));
}

function compileRule(
  rule: Readonly<Record<string, unknown>>,
  index: number,
  { keepsOut, namespace }: RuleScope,
): AuthorizationRule {
  const at = `spec.rules[${index}]`;
  const from = entriesOf(rule.from, 'source', sourceAttributes, `${at}.from`, namespace);
  const to = entriesOf(rule.to, 'operation', operationAttributes, `${at}.to`, namespace);
  const when = items(rule.when).map((item, i) => conditionOf(fields(item), `${at}.when[${i}]`, namespace));

  const all = [...from, ...to, ...when];
  // istiod leaves out a rule with a key that it does not know: of a DENY too.
  const unknown = items(rule.when).findIndex((item) => !conditionAttribute(text(fields(item).key) ?? ''));
  const ofRequests = all.flatMap((e) => e.tests).find((t) => t.attribute.http);
  const never = (asked: Asked): string | undefined => {
    if (unknown >= 0) return when[unknown]?.path ?? at;
    return asked.request || keepsOut ? undefined : ofRequests?.path;
  };
  const test = ({ attribute, values, negated }: Test, asked: Asked): boolean => {
    if (attribute.http && !asked.request) return true;
    const found = attribute.read(asked).some((actual) => values.some((fits) => fits(actual)));
    return negated ? !found : found;
  };
  const entry = ({ tests }: Entry, asked: Asked): boolean => tests.every((t) => test(t, asked));
  const some = (entries: readonly Entry[], asked: Asked): boolean =>
    entries.length === 0 || entries.some((e) => entry(e, asked));

  return {
    index,
    holds: (asked) =>
      never(asked) === undefined && some(from, asked) && some(to, asked) && when.every((e) => entry(e, asked)),
    missing(asked) {
      const reason = never(asked);
      if (reason !== undefined) return reason;
      if (!some(from, asked)) return firstMissing(from, asked, test) ?? `${at}.from`;
      if (!some(to, asked)) return firstMissing(to, asked, test) ?? `${at}.to`;
      return when.find((e) => !entry(e, asked))?.path ?? at;
    },
  };
}

/** With one entry the field that fails can be named; with several, none of them fits. */
function firstMissing(
  entries: readonly Entry[],
  asked: Asked,
  test: (t: Test, asked: Asked) => boolean,
): string | undefined {
  const [only] = entries;
  return entries.length === 1 ? only?.tests.find((t) => !test(t, asked))?.path : undefined;
}

function entriesOf(
  list: unknown,
  part: string,
  attributes: Record<string, Attribute>,
  path: string,
  namespace: string,
): Entry[] {
  return items(list).map((item, index) => {
    const at = `${path}[${index}]`;
    const own = fields(fields(item)[part]);
    const tests = Object.entries(attributes).flatMap(([name, attribute]) => [
      ...testOf(own, name, attribute, { negated: false, path: `${at}.${part}`, namespace }),
      ...testOf(own, `not${name.charAt(0).toUpperCase()}${name.slice(1)}`, attribute, {
        negated: true,
        path: `${at}.${part}`,
        namespace,
      }),
    ]);
    return { path: at, tests };
  });
}

function testOf(
  own: Readonly<Record<string, unknown>>,
  name: string,
  attribute: Attribute,
  { negated, path, namespace }: { negated: boolean; path: string; namespace: string },
): Test[] {
  const values = texts(own[name]).map((value) => attribute.compile(value, namespace));
  return values.length === 0 ? [] : [{ path: `${path}.${name}`, attribute, values, negated }];
}

function conditionOf(item: Readonly<Record<string, unknown>>, path: string, namespace: string): Entry {
  const attribute = conditionAttribute(text(item.key) ?? '') ?? NOTHING;
  return {
    path,
    tests: [
      ...testOf(item, 'values', attribute, { negated: false, path, namespace }),
      ...testOf(item, 'notValues', attribute, { negated: true, path, namespace }),
    ],
  };
}

const NOTHING: Attribute = { http: false, compile: () => () => false, read: () => [] };
