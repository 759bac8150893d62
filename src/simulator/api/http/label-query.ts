// The labelSelector of a query: `app=web,tier in (a,b),!old`. As k8s.io/apimachinery/pkg/labels reads it.
import { badRequest } from '../errors.ts';
import { labelValueRule, qualifiedName } from '../validation/names.ts';

export type LabelMatch = (labels: Record<string, string>) => boolean;

/** Throws 400 with the API server's message. An empty selector matches everything. */
export function parseLabelQuery(text: string): LabelMatch {
  const tokens = tokenize(text);
  const requirements: LabelMatch[] = [];
  let at = 0;
  if (tokens.length === 0) return () => true;
  for (;;) {
    requirements.push(requirement());
    const separator = take();
    if (separator === undefined) break;
    if (separator !== ',') throw badRequest(`found '${separator}', expected: ',' or 'end of string'`);
    if (peek() === undefined) throw badRequest(`found '', expected: identifier after ','`);
  }
  return (labels) => requirements.every((matches) => matches(labels));

  function requirement(): LabelMatch {
    const negated = peek() === '!';
    if (negated) at++;
    const key = take();
    if (key === undefined || isSymbol(key)) throw unreadable(`found '${key ?? ''}', expected: identifier`);
    checkKey(key);
    if (negated) return (labels) => labels[key] === undefined;
    const operator = peek();
    if (operator === undefined || operator === ',') return (labels) => labels[key] !== undefined;
    at++;
    switch (operator) {
      case '=':
      case '==': {
        const value = single(key);
        return (labels) => labels[key] === value;
      }
      case '!=': {
        const value = single(key);
        return (labels) => labels[key] !== value;
      }
      case 'in': {
        const values = several(key);
        return (labels) => labels[key] !== undefined && values.has(labels[key]);
      }
      case 'notin': {
        const values = several(key);
        return (labels) => labels[key] === undefined || !values.has(labels[key]);
      }
      case '>':
      case '<':
        return compare(key, operator, single(key));
      default:
        throw unreadable(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
    }
  }

  function single(key: string): string {
    const next = peek();
    if (next === undefined || next === ',') return '';
    if (isSymbol(next)) throw unreadable(`found '${next}', expected: identifier`);
    at++;
    return checkValue(next, key);
  }

  function several(key: string): Set<string> {
    if (peek() !== '(') throw unreadable(`found '${peek() ?? ''}' expected: '('`);
    at++;
    const values = new Set<string>();
    for (;;) {
      const next = take();
      if (next === ')' || next === ',') {
        values.add('');
        if (next === ')') return values;
        continue;
      }
      if (next === undefined || isSymbol(next))
        throw unreadable(`found '${next ?? ''}', expected: ',', ')' or identifier`);
      values.add(checkValue(next, key));
      const after = take();
      if (after === ')') return values;
      if (after !== ',') throw unreadable(`found '${after ?? ''}', expected: ',' or ')'`);
    }
  }

  function peek(): string | undefined {
    return tokens[at];
  }

  function take(): string | undefined {
    return tokens[at++];
  }
}

function compare(key: string, operator: '>' | '<', text: string): LabelMatch {
  if (!/^-?\d+$/.test(text))
    throw unreadable(`values[0]: Invalid value: "${text}": for 'Gt', 'Lt' operators, the value must be an integer`);
  const limit = Number(text);
  return (labels) => {
    const value = labels[key];
    if (value === undefined || !/^-?\d+$/.test(value)) return false;
    return operator === '>' ? Number(value) > limit : Number(value) < limit;
  };
}

function tokenize(text: string): string[] {
  return text.match(/==|!=|[=!<>,()]|[^\s=!<>,()]+/g) ?? [];
}

function isSymbol(token: string): boolean {
  return /^[=!<>,()]/.test(token);
}

function checkKey(key: string): void {
  const complaints = qualifiedName(key);
  if (complaints.length > 0) throw unreadable(`<nil>: Invalid value: ${JSON.stringify(key)}: ${complaints.join('; ')}`);
}

function checkValue(value: string, key: string): string {
  const complaints = labelValueRule(value);
  if (complaints.length === 0) return value;
  throw unreadable(`values[0][${key}]: Invalid value: ${JSON.stringify(value)}: ${complaints.join('; ')}`);
}

function unreadable(why: string) {
  return badRequest(`unable to parse requirement: ${why}`);
}
