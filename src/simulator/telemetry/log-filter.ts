// The part of CEL that filters of access logs use: attributes, literals, comparisons, logic and the string functions. An
// expression that cannot be read, or fails on a request, logs nothing, as Envoy's filter does.
import { RE2JS } from 're2js';
import type { ProxyRecord } from '../contract.ts';

export type LogFilter = (record: ProxyRecord) => boolean;

type Value = string | number | boolean | null | readonly Value[] | Attributes;
interface Attributes {
  readonly [name: string]: Value | undefined;
}
type Expression = (attributes: Attributes) => Value;

/** Deeper than anybody writes, and far from the end of the stack. */
const DEEPEST = 50;
const LONGEST = 4_000;

export function compileLogFilter(source: string): LogFilter {
  let expression: Expression;
  try {
    if (source.length > LONGEST) throw new SyntaxError('too long');
    expression = parse(source);
  } catch {
    return () => false;
  }
  return (record) => {
    try {
      return expression(attributesOf(record)) === true;
    } catch {
      return false;
    }
  };
}

function attributesOf(record: ProxyRecord): Attributes {
  const { request } = record;
  const path = request?.path ?? '';
  return {
    request: {
      path,
      url_path: path.split('?', 1)[0],
      host: request?.authority ?? '',
      method: request?.method ?? '',
      scheme: 'http',
      protocol: request ? (request.version ?? 'HTTP/1.1') : '',
      headers: request?.headers ?? {},
      useragent: request?.headers['user-agent'] ?? '',
      id: request?.headers['x-request-id'] ?? '',
      size: record.bytesReceived,
    },
    response: {
      code: record.status,
      code_details: record.details ?? '',
      flags: record.flags.length,
      size: record.bytesSent,
      grpc_status: Number(record.grpcStatus ?? 0),
    },
    connection: { mtls: record.mtls, requested_server_name: record.serverName ?? '' },
    source: { address: record.downstreamRemote, principal: record.sourcePrincipal ?? '' },
    destination: { address: record.downstreamLocal, principal: record.destinationPrincipal ?? '' },
    upstream: { address: record.upstreamHost ?? '', transport_failure_reason: record.transportFailure ?? '' },
    xds: { cluster_name: record.cluster ?? '', route_name: record.route },
  };
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|([A-Za-z_]\w*)|(&&|\|\||[=!<>]=|[-!<>()[\],.]))/y;

interface Token {
  kind: 'number' | 'string' | 'name' | 'mark';
  text: string;
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (source.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(source);
    if (!found) throw new SyntaxError(`unexpected ${source.slice(at)}`);
    const [, number, string, name, mark] = found;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.slice(1, -1).replace(/\\(.)/g, '$1') });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else tokens.push({ kind: 'mark', text: mark ?? '' });
    at = TOKEN.lastIndex;
  }
  return tokens;
}

function parse(source: string): Expression {
  const tokens = tokensOf(source);
  let at = 0;
  let depth = 0;
  const peek = () => tokens[at];
  const accept = (text: string): boolean => {
    const token = peek();
    if (!token || token.text !== text || token.kind === 'string') return false;
    at += 1;
    return true;
  };
  const expect = (text: string) => {
    if (!accept(text)) throw new SyntaxError(`expected ${text}`);
  };

  function or(): Expression {
    depth += 1;
    if (depth > DEEPEST) throw new SyntaxError('too deep');
    let left = and();
    while (accept('||')) {
      const [a, b] = [left, and()];
      left = (x) => truth(a(x)) || truth(b(x));
    }
    depth -= 1;
    return left;
  }

  function and(): Expression {
    let left = relation();
    while (accept('&&')) {
      const [a, b] = [left, relation()];
      left = (x) => truth(a(x)) && truth(b(x));
    }
    return left;
  }

  function relation(): Expression {
    const left = unary();
    for (const operator of ['==', '!=', '>=', '<=', '>', '<', 'in']) {
      if (accept(operator)) {
        const right = unary();
        return (x) => compare(operator, left(x), right(x));
      }
    }
    return left;
  }

  function unary(): Expression {
    if (accept('!')) {
      const operand = unary();
      return (x) => !truth(operand(x));
    }
    if (accept('-')) {
      const operand = unary();
      return (x) => -Number(operand(x));
    }
    return member();
  }

  function member(): Expression {
    let value = primary();
    for (;;) {
      const object = value;
      if (accept('.')) {
        const name = tokens[at++]?.text ?? '';
        if (accept('(')) {
          const argument = or();
          expect(')');
          value = (x) => callMethod(name, object(x), argument(x));
        } else value = (x) => select(object(x), name);
      } else if (accept('[')) {
        const index = or();
        expect(']');
        value = (x) => select(object(x), String(index(x)));
      } else return value;
    }
  }

  function primary(): Expression {
    const token = tokens[at++];
    if (!token) throw new SyntaxError('unexpected end');
    if (token.kind === 'number') return () => Number(token.text);
    if (token.kind === 'string') return () => token.text;
    if (token.text === '(') {
      const inner = or();
      expect(')');
      return inner;
    }
    if (token.text === '[') return list();
    if (token.kind !== 'name') throw new SyntaxError(`unexpected ${token.text}`);
    if (token.text === 'has' && accept('(')) return has();
    if (token.text === 'true' || token.text === 'false') return () => token.text === 'true';
    return (x) => select(x, token.text);
  }

  function list(): Expression {
    const elements: Expression[] = [];
    while (!accept(']')) {
      elements.push(or());
      accept(',');
    }
    return (x) => elements.map((element) => element(x));
  }

  function has(): Expression {
    const inner = or();
    expect(')');
    return (x) => {
      try {
        inner(x);
        return true;
      } catch {
        return false;
      }
    };
  }

  const whole = or();
  if (at < tokens.length) throw new SyntaxError(`unexpected ${tokens[at]?.text}`);
  return whole;
}

function truth(value: Value): boolean {
  if (typeof value !== 'boolean') throw new TypeError('not a boolean');
  return value;
}

function select(object: Value, name: string): Value {
  if (object === null || typeof object !== 'object' || !Object.hasOwn(object, name)) throw new TypeError(`no ${name}`);
  const value = (object as Attributes)[name];
  if (value === undefined) throw new TypeError(`no ${name}`);
  return value;
}

function compare(operator: string, left: Value, right: Value): boolean {
  if (operator === 'in') {
    if (Array.isArray(right)) return right.includes(left);
    return typeof right === 'object' && right !== null && Object.hasOwn(right, String(left));
  }
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (typeof left !== typeof right || left === null || right === null) throw new TypeError('not comparable');
  switch (operator) {
    case '>=':
      return left >= right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left < right;
  }
}

function callMethod(name: string, object: Value, argument: Value): Value {
  if (typeof object !== 'string' || typeof argument !== 'string') throw new TypeError('not strings');
  switch (name) {
    case 'startsWith':
      return object.startsWith(argument);
    case 'endsWith':
      return object.endsWith(argument);
    case 'contains':
      return object.includes(argument);
    case 'matches':
      return RE2JS.compile(argument).matcher(object).find();
    default:
      throw new TypeError(`no function ${name}`);
  }
}
