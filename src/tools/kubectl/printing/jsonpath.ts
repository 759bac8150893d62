// kubectl's JSONPath templates: `{.items[*].metadata.name}`, `{range …}{…}{end}`, filters, text between braces.
import { ToolError } from '../../tool.ts';

export function renderJsonPath(template: string, root: unknown): string {
  const text = template.startsWith('{') || template.includes('{') ? template : `{${template}}`;
  return evaluate(parseTemplate(text), [root], root);
}

/** The values a single expression finds, for --sort-by, custom-columns and `wait`. */
export function queryJsonPath(expression: string, root: unknown): unknown[] {
  const inner = expression.replace(/^\{(.*)\}$/s, '$1');
  return select(inner.startsWith('.') || inner.startsWith('[') ? inner : `.${inner}`, [root], root);
}

type Node = { text: string } | { path: string } | { range: string; body: Node[] };

function parseTemplate(template: string): Node[] {
  const stack: { range: string; body: Node[] }[] = [{ range: '', body: [] }];
  let rest = template;
  const top = () => stack.at(-1) ?? { range: '', body: [] };
  while (rest !== '') {
    const open = rest.indexOf('{');
    if (open !== 0) {
      const end = open < 0 ? rest.length : open;
      top().body.push({ text: rest.slice(0, end) });
      rest = rest.slice(end);
      continue;
    }
    const close = closingBrace(rest);
    if (close < 0) throw new ToolError(`error: error parsing jsonpath ${template}, unclosed action`);
    const action = rest.slice(1, close).trim();
    rest = rest.slice(close + 1);
    if (action.startsWith('range ')) {
      const node = { range: action.slice(6).trim(), body: [] };
      top().body.push(node);
      stack.push(node);
    } else if (action === 'end') {
      if (stack.length === 1)
        throw new ToolError(`error: error parsing jsonpath ${template}, not in range, nothing to end`);
      stack.pop();
    } else if (/^["']/.test(action)) top().body.push({ text: unquote(action) });
    else top().body.push({ path: action });
  }
  if (stack.length > 1) throw new ToolError(`error: error parsing jsonpath ${template}, unterminated range`);
  return stack[0]?.body ?? [];
}

function closingBrace(text: string): number {
  let quote = '';
  for (let at = 1; at < text.length; at += 1) {
    const c = text.charAt(at);
    if (quote) {
      if (c === '\\') at += 1;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '}') return at;
  }
  return -1;
}

const unquote = (text: string) =>
  text.slice(1, -1).replace(/\\(.)/g, (_, c: string) => ({ n: '\n', t: '\t', r: '\r' })[c] ?? c);

function evaluate(nodes: Node[], current: unknown[], root: unknown): string {
  return nodes
    .map((node) => {
      if ('text' in node) return node.text;
      if ('path' in node) return select(node.path, current, root).map(valueText).join(' ');
      return select(node.range, current, root)
        .map((item) => evaluate(node.body, [item], root))
        .join('');
    })
    .join('');
}

const valueText = (value: unknown) =>
  typeof value === 'string' ? value : value === null || value === undefined ? '' : JSON.stringify(value);

const step = /^(?:\.\.([\w-]+)|\.([\w-]+(?:\\\.[\w-]+)*)|\.?\[([^\]]*(?:\([^)]*\))?[^\]]*)\]|\.\*|\.)/;

function select(path: string, current: unknown[], root: unknown): unknown[] {
  let rest = path.trim();
  let values = current;
  if (rest.startsWith('$')) {
    rest = rest.slice(1);
    values = [root];
  } else if (rest.startsWith('@')) rest = rest.slice(1);
  if (rest !== '' && !/^[.[]/.test(rest)) rest = `.${rest}`;
  while (rest !== '') {
    const found = step.exec(rest);
    if (!found) throw new ToolError(`error: error parsing jsonpath {${path}}, unrecognized character in action`);
    const [whole, deep, name, bracket] = found;
    rest = rest.slice(whole.length);
    if (deep !== undefined) values = values.flatMap((v) => descend(v, deep));
    else if (name !== undefined) values = values.flatMap((v) => member(v, name.replaceAll('\\.', '.')));
    else if (bracket !== undefined) values = values.flatMap((v) => subscript(v, bracket.trim(), root));
    else if (whole === '.*') values = values.flatMap(children);
  }
  return values;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const member = (value: unknown, name: string) => (isRecord(value) && Object.hasOwn(value, name) ? [value[name]] : []);
const children = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];

function descend(value: unknown, name: string): unknown[] {
  return [...member(value, name), ...children(value).flatMap((child) => descend(child, name))];
}

function subscript(value: unknown, text: string, root: unknown): unknown[] {
  if (text === '*') return children(value);
  if (/^['"]/.test(text)) return member(value, unquote(text));
  if (text.startsWith('?')) return children(value).filter((item) => holds(text.slice(1), item, root));
  if (!Array.isArray(value)) return [];
  if (/^-?\d+$/.test(text)) {
    const found: unknown = value.at(Number(text));
    return found === undefined ? [] : [found];
  }
  if (/^(-?\d*):(-?\d*)$/.test(text)) {
    const [from = '', to = ''] = text.split(':');
    return value.slice(from === '' ? 0 : Number(from), to === '' ? undefined : Number(to));
  }
  return text.split(',').flatMap((part) => (/^-?\d+$/.test(part.trim()) ? [value.at(Number(part)) as unknown] : []));
}

/** `(@.type=="Ready")`, `(@.name)`. */
function holds(filter: string, item: unknown, root: unknown): boolean {
  const inner = filter.trim().replace(/^\((.*)\)$/s, '$1');
  const [, left = inner, operator, right = ''] = /^(.*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/s.exec(inner) ?? [];
  const [found] = select(left.trim(), [item], root);
  if (!operator) return found !== undefined;
  const wanted = literal(right.trim(), item, root);
  switch (operator) {
    case '==':
      return found === wanted;
    case '!=':
      return found !== wanted;
    default: {
      const [a, b] = [Number(found), Number(wanted)];
      return operator === '<' ? a < b : operator === '>' ? a > b : operator === '<=' ? a <= b : a >= b;
    }
  }
}

function literal(text: string, item: unknown, root: unknown): unknown {
  if (/^['"]/.test(text)) return unquote(text);
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return select(text, [item], root)[0];
}
