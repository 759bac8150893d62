// The `x-kubernetes-validations` of a CRD: CEL rules over an object that already has the right shape.

import type { Outcome, Program } from '../../../cel/program.ts';
import { toCel } from '../../../cel/values.ts';
import { ApiError, type StatusCause } from '../errors.ts';
import { isMap } from '../patch-merge.ts';
import { resolve, type Schema, type ValidationRule } from '../schemas/schema.ts';

/**
 * Evaluating CEL takes memory that a cluster at rest does without: it is loaded when the first rule has to be looked at.
 * Whoever may wait calls this before a write; for who cannot, the first write is refused and loads it.
 */
export async function loadRules(): Promise<void> {
  engine ??= await import('../../../cel/program.ts');
}

let engine: typeof import('../../../cel/program.ts') | undefined;

/** Throws 503 when the engine is not there yet. */
export function compileRule(expression: string): Program {
  if (engine) return engine.compile(expression);
  loadRules().catch(() => {});
  throw new ApiError(503, 'ServiceUnavailable', 'the validation rules are being loaded', {});
}

/** Which rules an object breaks. `previous` is what it was before, for transition rules. */
export function checkRules(
  object: unknown,
  schema: Schema | undefined,
  definitions: Record<string, Schema>,
  previous?: unknown,
): StatusCause[] {
  const walk: Walk = { causes: [], definitions, spent: { cost: 0 } };
  if (schema && hasRules(schema)) visit({ value: object, previous, schema, path: '' }, walk);
  return walk.causes;
}

interface Walk {
  causes: StatusCause[];
  definitions: Record<string, Schema>;
  spent: { cost: number };
}

interface Place {
  value: unknown;
  previous: unknown;
  schema: Schema;
  path: string;
}

/** Whether a schema or anything in it has rules: most of them have none. */
export function hasRules(schema: Schema): boolean {
  const known = ruled.get(schema);
  if (known !== undefined) return known;
  const found = (schema['x-kubernetes-validations']?.length ?? 0) > 0 || childrenOf(schema).some(hasRules);
  ruled.set(schema, found);
  return found;
}

const ruled = new WeakMap<Schema, boolean>();

function childrenOf({ properties, items, additionalProperties }: Schema): Schema[] {
  return [
    ...Object.values(properties ?? {}),
    ...(items ? [items] : []),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
  ];
}

function visit(place: Place, walk: Walk): void {
  const schema = resolve(place.schema, walk.definitions);
  const { value, previous, path } = place;
  if (!schema || value === null || value === undefined || !hasRules(schema)) return;
  if (!applyRules(place, schema, walk)) return;
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!items) return;
    value.forEach((item, index) => {
      visit(
        { value: item, previous: correlated(item, previous, schema), schema: items, path: `${path}[${index}]` },
        walk,
      );
    });
  } else if (isMap(value)) {
    const before = isMap(previous) ? previous : {};
    for (const [key, child] of Object.entries(value)) {
      const property = schema.properties?.[key];
      const additional = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
      const next = property ?? additional;
      const name = property ? (path === '' ? key : `${path}.${key}`) : `${path}[${key}]`;
      if (next) visit({ value: child, previous: before[key], schema: next, path: name }, walk);
    }
  }
}

/** What a list's item was: only lists that are maps by some keys can tell. */
function correlated(item: unknown, previous: unknown, schema: Schema): unknown {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || !keys || !Array.isArray(previous) || !isMap(item)) return undefined;
  return previous.find((old) => isMap(old) && keys.every((key) => old[key] === item[key]));
}

/** False when the budget is spent, which ends the whole check. */
function applyRules({ value, previous, path }: Place, schema: Schema, walk: Walk): boolean {
  const rules = schema['x-kubernetes-validations'] ?? [];
  if (rules.length === 0) return true;
  const unchanged = previous !== undefined && same(value, previous);
  const self = toCel(value, schema);
  const oldSelf = previous === undefined ? undefined : toCel(previous, schema);
  for (const rule of rules) {
    const transition = /\boldSelf\b/.test(rule.rule);
    if (transition ? oldSelf === undefined : unchanged) continue;
    const variables = { self, ...(oldSelf === undefined ? {} : { oldSelf }) };
    const outcome = compileRule(rule.rule).run(variables, walk.spent);
    if (!judge(outcome, rule, { variables, path, schema }, walk)) return false;
  }
  return true;
}

interface Judged {
  variables: Record<string, unknown>;
  path: string;
  schema: Schema;
}

function judge(outcome: Outcome, rule: ValidationRule, { variables, path, schema }: Judged, walk: Walk): boolean {
  const type = schema.type ?? 'object';
  const told = rule.message?.trim() || rule.rule.trim();
  const refuse = (detail: string) =>
    void walk.causes.push({
      reason: 'FieldValueInvalid',
      field: path || '<nil>',
      message: `Invalid value: "${type}": ${detail}`,
    });
  if (outcome.kind === 'unknown') return true;
  if (outcome.kind === 'exceeded') {
    if (walk.spent.cost >= (engine?.COST_OF_OBJECT ?? 0))
      refuse('validation failed due to running out of cost budget, no further validation rules will be run');
    else
      refuse(
        `'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${told}`,
      );
    return false;
  }
  if (outcome.kind === 'error') refuse(`${outcome.message} evaluating rule: ${told}`);
  else if (outcome.value !== true) walk.causes.push(brokenRule(rule, { variables, path, schema }, walk));
  return true;
}

function brokenRule(rule: ValidationRule, { variables, path, schema }: Judged, walk: Walk): StatusCause {
  const field = `${path}${rule.fieldPath ?? ''}`.replace(/^\./, '') || '<nil>';
  const own = rule.messageExpression ? compileRule(rule.messageExpression).run(variables, walk.spent) : undefined;
  const written = own?.kind === 'value' && typeof own.value === 'string' ? own.value.trim() : '';
  const usable = written !== '' && !written.includes('\n');
  const detail = usable ? written : rule.message?.trim() || `failed rule: ${rule.rule.trim()}`;
  const type = schema.type ?? 'object';
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return { reason: rule.reason, field, message: `Forbidden: ${detail}` };
    case 'FieldValueRequired':
      return { reason: rule.reason, field, message: `Required value: ${detail}` };
    case 'FieldValueDuplicate':
      return { reason: rule.reason, field, message: `Duplicate value: "${type}"` };
    default:
      return { reason: 'FieldValueInvalid', field, message: `Invalid value: "${type}": ${detail}` };
  }
}

/** Deep equality of plain JSON. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
}
