// Sums for a lab's parameters: numbers, names, + - * / % and parentheses. Nothing else, so nothing to be afraid of.

export type Result = { value: number } | { problem: string };

const longest = 200;
const deepest = 20;

/** `lookUp` gives the value of a name, or undefined when it has none. Never throws. */
export function evaluate(text: string, lookUp: (name: string) => number | undefined): Result {
  if (text.length > longest) return { problem: 'es demasiado larga' };
  const tokens = text.match(/\s*(?:\d+(?:\.\d+)?|[a-z][a-z0-9_-]*|[-+*/%()]|\S)/g)?.map((t) => t.trim()) ?? [];
  let at = 0;
  let problem: string | undefined;
  const fail = (why: string): number => {
    problem ??= why;
    return Number.NaN;
  };

  const sum = (depth: number): number => {
    let value = product(depth);
    while (tokens[at] === '+' || tokens[at] === '-') {
      const minus = tokens[at++] === '-';
      const next = product(depth);
      value = minus ? value - next : value + next;
    }
    return value;
  };
  const product = (depth: number): number => {
    let value = factor(depth);
    for (let sign = tokens[at]; sign === '*' || sign === '/' || sign === '%'; sign = tokens[at]) {
      at++;
      const next = factor(depth);
      if (next === 0 && sign !== '*') return fail('divide por cero');
      value = sign === '*' ? value * next : sign === '/' ? value / next : value % next;
    }
    return value;
  };
  const factor = (depth: number): number => {
    if (depth > deepest) return fail('tiene demasiados paréntesis');
    const token = tokens[at++];
    if (token === undefined) return fail('está sin acabar');
    if (token === '-') return -factor(depth + 1);
    if (token === '(') {
      const value = sum(depth + 1);
      return tokens[at++] === ')' ? value : fail('tiene un paréntesis sin cerrar');
    }
    if (/^\d/.test(token)) return Number(token);
    if (/^[a-z]/.test(token)) return lookUp(token) ?? fail(`usa «${token}», que no es un número conocido`);
    return fail(`tiene «${token}» donde no toca`);
  };

  const value = sum(0);
  if (problem === undefined && at < tokens.length) fail(`tiene «${tokens[at]}» donde no toca`);
  if (problem === undefined && !Number.isFinite(value)) fail('no da un número');
  return problem === undefined ? { value } : { problem };
}
