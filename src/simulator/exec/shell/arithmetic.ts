// $(( … )): whole numbers, the usual operators, names of variables.

/** Throws an Error that says what is wrong. */
export function arithmetic(text: string, value: (name: string) => string): number {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|\*\*|<=|>=|==|!=|&&|\|\||[-+*/%()<>!?:]|\S/g) ?? [];
  if (tokens.length > 1_000) throw new Error('expression too long');
  let at = 0;
  const result = ternary();
  if (at < tokens.length) throw new Error(`arithmetic expression: expecting EOF: "${text}"`);
  return result;

  function take(...texts: string[]): string | undefined {
    const token = tokens[at];
    if (token === undefined || !texts.includes(token)) return undefined;
    at += 1;
    return token;
  }

  function ternary(): number {
    const condition = binary(0);
    if (!take('?')) return condition;
    const yes = ternary();
    if (!take(':')) throw new Error(`arithmetic expression: expecting ':': "${text}"`);
    const no = ternary();
    return condition ? yes : no;
  }

  function binary(level: number): number {
    const operators = LEVELS[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    for (let operator = take(...operators); operator; operator = take(...operators)) {
      const right = binary(level + 1);
      if ((operator === '/' || operator === '%') && right === 0) throw new Error('divide by zero');
      left = apply(operator, left, right);
    }
    return left;
  }

  function unary(): number {
    if (take('-')) return -unary();
    if (take('+')) return unary();
    if (take('!')) return unary() ? 0 : 1;
    if (take('(')) {
      const inner = ternary();
      if (!take(')')) throw new Error(`arithmetic expression: expecting ')': "${text}"`);
      return inner;
    }
    const token = tokens[at] ?? '';
    at += 1;
    if (/^\d/.test(token)) return Number(token);
    if (/^[A-Za-z_]/.test(token)) return Math.trunc(Number(value(token))) || 0;
    throw new Error(`arithmetic expression: expecting primary: "${text}"`);
  }
}

const LEVELS = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];

function apply(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return Math.trunc(a / b);
    case '%':
      return a % b;
    default:
      return compare(operator, a, b) ? 1 : 0;
  }
}

function compare(operator: string, a: number, b: number): boolean {
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    case '&&':
      return a !== 0 && b !== 0;
    default:
      return a !== 0 || b !== 0;
  }
}
