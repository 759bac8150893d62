// Text → expression, with the grammar that Prometheus publishes for editors. Errors are worded as the server's.

import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import type { Aggregation, Binary, Expression, Grouping, Matching, VectorSelector } from './ast.ts';
import { QueryParseError } from './errors.ts';
import { METRIC_NAME } from './labels.ts';
import { createMatcher, type Matcher, type MatchOperator } from './matchers.ts';
import { climb, type Part } from './precedence.ts';
import { syntaxError } from './syntax-error.ts';
import { parseNumber, unquote } from './text.ts';
import { typeCheck } from './type-check.ts';

/** A client's query; longer ones are none that anybody wrote. */
const LONGEST = 20_000;
const DEEPEST = 200;

/** Throws QueryParseError. */
export function parse(query: string): Expression {
  if (query.length > LONGEST) throw new QueryParseError('query is too long');
  const tree = parser.parse(query);
  const reading = { query, depth: 0 };
  const wrong = syntaxError(query, tree);
  if (wrong) throw wrong;
  const root = tree.topNode.getChild('Expr');
  if (!root) throw new QueryParseError('no expression found in input');
  try {
    const expression = convert(reading, root);
    typeCheck(expression);
    return expression;
  } catch (error) {
    if (!(error instanceof QueryParseError) || /^\d+:\d+: /.test(error.message)) throw error;
    throw new QueryParseError(`1:1: parse error: ${error.message}`);
  }
}

interface Reading {
  query: string;
  depth: number;
}

function convert(reading: Reading, node: SyntaxNode): Expression {
  reading.depth++;
  if (reading.depth > DEEPEST) throw new QueryParseError('expression is nested too deeply');
  const parts: Part[] = [];
  flatten(reading, node, parts);
  const expression = climb(parts);
  reading.depth--;
  return expression;
}

/**
 * Operands and operators in the order of the text. The grammar lets `offset`, `@` and brackets take the whole operation on
 * their left, but they belong to its last operand; so operations are put together again by precedence.
 */
function flatten(reading: Reading, node: SyntaxNode, parts: Part[]): void {
  const inner = node.getChild('Expr');
  switch (node.name) {
    case 'BinaryExpr': {
      const [left, right] = node.getChildren('Expr');
      if (!left || !right) throw unexpectedEnd();
      flatten(reading, left, parts);
      parts.push(operatorPart(reading, node, left));
      flatten(reading, right, parts);
      return;
    }
    case 'UnaryExpr':
      if (!inner) throw unexpectedEnd();
      parts.push({ kind: 'sign', sign: textOf(reading, node.firstChild ?? node) === '-' ? '-' : '+' });
      flatten(reading, inner, parts);
      return;
    case 'NumberDurationLiteral': {
      const text = textOf(reading, node);
      const signed = /^([+-])\s*/.exec(text);
      if (signed) parts.push({ kind: 'sign', sign: signed[1] === '-' ? '-' : '+' });
      parts.push({
        kind: 'operand',
        expression: { kind: 'number', value: numberOf(text.slice(signed?.[0].length ?? 0)) },
      });
      return;
    }
    case 'OffsetExpr':
    case 'StepInvariantExpr':
    case 'MatrixSelector':
    case 'SubqueryExpr': {
      if (!inner) throw unexpectedEnd();
      flatten(reading, inner, parts);
      const last = parts.at(-1);
      if (last?.kind !== 'operand') throw unexpectedEnd();
      last.expression = withPostfix(reading, node, last);
      delete last.parenthesised;
      return;
    }
    case 'ParenExpr':
      if (!inner) throw unexpectedEnd();
      parts.push({ kind: 'operand', expression: convert(reading, inner), parenthesised: true });
      return;
    default:
      parts.push({ kind: 'operand', expression: primary(reading, node) });
  }
}

function primary(reading: Reading, node: SyntaxNode): Expression {
  switch (node.name) {
    case 'StringLiteral':
      return { kind: 'string', value: unquote(textOf(reading, node)) };
    case 'VectorSelector':
      return selector(reading, node);
    case 'FunctionCall': {
      const name = textOf(reading, node.firstChild ?? node);
      return { kind: 'call', name, args: argumentsOf(reading, node) };
    }
    case 'AggregateExpr':
      return aggregation(reading, node);
    default:
      throw new QueryParseError(`unsupported expression "${textOf(reading, node)}"`);
  }
}

function argumentsOf(reading: Reading, node: SyntaxNode): Expression[] {
  return (node.getChild('FunctionCallBody')?.getChildren('Expr') ?? []).map((child) => convert(reading, child));
}

function aggregation(reading: Reading, node: SyntaxNode): Aggregation {
  const operator = textOf(reading, node.firstChild ?? node).toLowerCase();
  const args = argumentsOf(reading, node);
  const wanted = WITH_PARAMETER.has(operator) ? 2 : 1;
  if (args.length !== wanted) {
    if (args.length === 0) throw new QueryParseError('no arguments for aggregate expression provided');
    throw new QueryParseError(
      `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
    );
  }
  const expression = args.at(-1);
  if (!expression) throw unexpectedEnd();
  const modifier = node.getChild('AggregateModifier');
  const grouping: Grouping = {
    mode: modifier?.getChild('Without') ? 'without' : 'by',
    labels: labelList(reading, modifier?.getChild('GroupingLabels')),
  };
  const [parameter] = wanted === 2 ? args : [];
  return { kind: 'aggregation', operator, grouping, expression, ...(parameter && { parameter }) };
}

const WITH_PARAMETER = new Set(['topk', 'bottomk', 'quantile', 'count_values', 'limitk', 'limit_ratio']);

function labelList(reading: Reading, node: SyntaxNode | null | undefined): string[] {
  const names: string[] = [];
  for (let child = node?.firstChild; child; child = child.nextSibling) {
    if (child.name === 'LabelName') names.push(textOf(reading, child));
    if (child.name === 'QuotedLabelName') names.push(unquote(textOf(reading, child)));
  }
  return names;
}

function selector(reading: Reading, node: SyntaxNode): VectorSelector {
  const matchers: Matcher[] = [];
  const name = node.getChild('Identifier');
  const named = (value: string): void => {
    const known = matchers.find((m) => m.name === METRIC_NAME && m.operator === '=');
    if (known)
      throw new QueryParseError(
        `metric name must not be set twice: ${JSON.stringify(known.value)} or ${JSON.stringify(value)}`,
      );
    matchers.push(createMatcher(METRIC_NAME, '=', value));
  };
  if (name) named(textOf(reading, name));
  for (let child = node.getChild('LabelMatchers')?.firstChild; child; child = child.nextSibling) {
    if (child.name === 'QuotedLabelName') named(unquote(textOf(reading, child)));
    if (child.name !== 'UnquotedLabelMatcher' && child.name !== 'QuotedLabelMatcher') continue;
    const label = child.firstChild;
    const [operator, value] = [child.getChild('MatchOp'), child.getChild('StringLiteral')];
    if (!label || !operator || !value) throw unexpectedEnd();
    const labelName = label.name === 'LabelName' ? textOf(reading, label) : unquote(textOf(reading, label));
    const text = unquote(textOf(reading, value));
    if (name && labelName === METRIC_NAME) named(text);
    matchers.push(createMatcher(labelName, textOf(reading, operator) as MatchOperator, text));
  }
  return { kind: 'selector', matchers, offset: 0 };
}

function withPostfix(
  reading: Reading,
  node: SyntaxNode,
  { expression, parenthesised }: Part & { kind: 'operand' },
): Expression {
  const durations = node.getChildren('DurationExpr').map((child) => duration(reading, child));
  switch (node.name) {
    case 'MatrixSelector': {
      const [range = 0] = durations;
      if (expression.kind !== 'selector' || parenthesised) {
        throw new QueryParseError('ranges only allowed for vector selectors');
      }
      if (expression.offset !== 0) throw new QueryParseError('no offset modifiers allowed before range');
      if (expression.at !== undefined) throw new QueryParseError('no @ modifiers allowed before range');
      return { kind: 'range', selector: expression, range: positive(range) };
    }
    case 'SubqueryExpr': {
      const [range = 0, step] = durations;
      return { kind: 'subquery', expression, range: positive(range), offset: 0, ...(step && { step: positive(step) }) };
    }
    case 'OffsetExpr': {
      const shift = node.getChild('OffsetDurationExpr');
      const offset = shift ? duration(reading, shift) : 0;
      return shifted(expression, 'offset', (target) => {
        if (target.offset !== 0) throw new QueryParseError('offset may not be set multiple times');
        return { offset };
      });
    }
    default: {
      const fixed = fixedTime(reading, node);
      return shifted(expression, '@', (target) => {
        if (target.at !== undefined) throw new QueryParseError('@ <timestamp> may not be set multiple times');
        return { at: fixed };
      });
    }
  }
}

function shifted(
  expression: Expression,
  modifier: 'offset' | '@',
  change: (target: { offset: number; at?: number | 'start' | 'end' }) => {
    offset?: number;
    at?: number | 'start' | 'end';
  },
): Expression {
  if (expression.kind === 'selector' || expression.kind === 'subquery') return { ...expression, ...change(expression) };
  if (expression.kind === 'range') {
    return { ...expression, selector: { ...expression.selector, ...change(expression.selector) } };
  }
  throw new QueryParseError(
    `${modifier} modifier must be preceded by an instant vector selector or range vector selector or a subquery`,
  );
}

function fixedTime(reading: Reading, node: SyntaxNode): number | 'start' | 'end' {
  const end = node.getChild('AtModifierPreprocessors');
  if (end) return end.getChild('AtStart') ? 'start' : 'end';
  const literal = node.getChildren('NumberDurationLiteral').at(-1);
  const seconds = literal ? numberOf(textOf(reading, literal)) : Number.NaN;
  if (!Number.isFinite(seconds)) throw new QueryParseError('timestamp out of bounds for @ modifier');
  return Math.round(seconds * 1000);
}

/** Milliseconds. Arithmetic in durations is an experiment that servers have switched off. */
function duration(reading: Reading, node: SyntaxNode): number {
  const text = textOf(reading, node);
  const seconds = parseNumber(text);
  if (seconds === undefined) throw new QueryParseError('experimental duration expression is not enabled');
  if (!Number.isFinite(seconds) || Math.abs(seconds) > 9e9) throw new QueryParseError('duration out of range');
  return Math.round(seconds * 1000);
}

function positive(milliseconds: number): number {
  if (milliseconds <= 0) throw new QueryParseError('duration must be greater than 0');
  return milliseconds;
}

function operatorPart(reading: Reading, node: SyntaxNode, left: SyntaxNode): Part {
  const operator = left.nextSibling ? textOf(reading, left.nextSibling).toLowerCase() : '';
  const clause = node.getChild('MatchingModifierClause');
  if (node.getChild('FillModifier')) throw new QueryParseError('experimental fill modifier is not enabled');
  const many = clause?.getChild('GroupLeft') ? 'left' : clause?.getChild('GroupRight') ? 'right' : undefined;
  const lists = clause?.getChildren('GroupingLabels') ?? [];
  const matching: Matching = {
    mode: clause?.getChild('On') ? 'on' : 'ignoring',
    labels: labelList(reading, lists[0]),
    ...(many && { many }),
    include: labelList(reading, lists[1]),
  };
  return {
    kind: 'operator',
    operator: operator as Binary['operator'],
    bool: node.getChild('BoolModifier') !== null,
    matching,
    given: clause !== null,
  };
}

function numberOf(text: string): number {
  const value = parseNumber(text);
  if (value === undefined) throw new QueryParseError(`bad number or duration syntax: ${JSON.stringify(text)}`);
  return value;
}

const textOf = ({ query }: Reading, node: SyntaxNode): string => query.slice(node.from, node.to);
const unexpectedEnd = (): QueryParseError => new QueryParseError('unexpected end of input');
