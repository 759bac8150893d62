// CEL expressions compiled once, and evaluated under a budget: a rule of a student's CRD can never hang the cluster.
import { type CelEnv, CelScalar, celEnv, celFunc, isCelError, objectType, parse, plan } from '@bufbuild/cel';
import type { Expr } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';
import { DurationSchema } from '@bufbuild/protobuf/wkt';
import { RE2JS } from 're2js';
import { durationFunction, kubernetesFunctions } from './kubernetes-functions.ts';

/** The API server's own limits: cost of one evaluation, and of all those of one object. */
const COST_OF_ONE = 1_000_000;
export const COST_OF_OBJECT = 10_000_000;

export type Outcome =
  | { kind: 'value'; value: unknown }
  | { kind: 'error'; message: string }
  /** A function that this cluster does not know: nothing can be said. */
  | { kind: 'unknown' }
  | { kind: 'exceeded' };

export interface Program {
  /** Adds what it spent to `spent`. */
  run(variables: Record<string, unknown>, spent: { cost: number }): Outcome;
}

export function compile(expression: string): Program {
  const known = programs.get(expression);
  if (known) return known;
  const program = build(expression);
  if (programs.size >= MAX_PROGRAMS) programs.clear();
  programs.set(expression, program);
  return program;
}

const programs = new Map<string, Program>();
const MAX_PROGRAMS = 2_000;

function build(expression: string): Program {
  let evaluate: ReturnType<typeof plan>;
  try {
    const parsed = parse(expression);
    if (parsed.expr) charge(parsed.expr);
    evaluate = plan(environment(), parsed);
  } catch (error) {
    const message = `rule compile error: ${error instanceof Error ? error.message : String(error)}`;
    return { run: () => ({ kind: 'error', message }) };
  }
  return {
    run(variables, spent) {
      meter.left = Math.min(COST_OF_ONE, COST_OF_OBJECT - spent.cost);
      const before = meter.left;
      const result = evaluate(variables as Parameters<typeof evaluate>[0]);
      spent.cost += before - meter.left + 1;
      if (meter.left < 0) return { kind: 'exceeded' };
      if (!isCelError(result)) return { kind: 'value', value: result };
      const message = wording(result.message);
      return message === undefined ? { kind: 'unknown' } : { kind: 'error', message };
    },
  };
}

/** As cel-go says it; undefined when it is about this evaluator and not about the rule. */
function wording(message: string): string | undefined {
  if (message.startsWith('unbound function')) return undefined;
  const missing = /^(?:field|key) not found: (.*)$/s.exec(message)?.[1];
  if (missing !== undefined) return `no such key: ${missing}`;
  const index = /^index (\d+) out of bounds/.exec(message)?.[1];
  if (index !== undefined) return `index out of bounds: ${index}`;
  return message.startsWith('found no matching overload') ? 'no such overload' : message;
}

/** Evaluation is synchronous and never nested, so one meter serves all. */
const meter = { left: 0 };
const CHARGE = '@charge';

let shared: CelEnv | undefined;
function environment(): CelEnv {
  shared ??= celEnv({
    re2: { compile: (pattern) => ({ test: (text) => RE2JS.compile(pattern).matcher(text).find() }) },
    funcs: [
      ...kubernetesFunctions(durationFunction(objectType(DurationSchema))),
      celFunc(CHARGE, [CelScalar.INT], CelScalar.BOOL, (cost) => {
        meter.left -= Number(cost);
        // A condition that does not hold ends the loop.
        return meter.left >= 0;
      }),
    ],
  });
  return shared;
}

/** Makes every turn of every loop pay for its body, in place. Returns the size of the expression. */
function charge(expression: Expr): number {
  const { exprKind } = expression;
  const sum = (children: (Expr | undefined)[]) => children.reduce((total, e) => total + (e ? charge(e) : 0), 1);
  switch (exprKind.case) {
    case 'callExpr':
      return sum([exprKind.value.target, ...exprKind.value.args]);
    case 'selectExpr':
      return sum([exprKind.value.operand]);
    case 'listExpr':
      return sum(exprKind.value.elements);
    case 'structExpr':
      return sum(
        exprKind.value.entries.flatMap(({ keyKind, value }) => [
          keyKind.case === 'mapKey' ? keyKind.value : undefined,
          value,
        ]),
      );
    case 'comprehensionExpr': {
      const loop = exprKind.value;
      const body = sum([loop.loopStep, loop.loopCondition]);
      if (loop.loopCondition) loop.loopCondition = both(call(CHARGE, [constant(BigInt(body))]), loop.loopCondition);
      return sum([loop.iterRange, loop.accuInit, loop.result]) + body;
    }
    default:
      return 1;
  }
}

const both = (a: Expr, b: Expr): Expr => call('_&&_', [a, b]);
const node = (exprKind: Expr['exprKind']): Expr => ({ $typeName: 'cel.expr.Expr', id: 0n, exprKind });
const constant = (value: bigint): Expr =>
  node({
    case: 'constExpr',
    value: { $typeName: 'cel.expr.Constant', constantKind: { case: 'int64Value', value } },
  });
const call = (name: string, args: Expr[]): Expr =>
  node({ case: 'callExpr', value: { $typeName: 'cel.expr.Expr.Call', function: name, args } });
