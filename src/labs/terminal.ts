// A lab's text for a terminal: wrapped, with headings, lists and code told apart.
import { stripVTControlCharacters, styleText } from 'node:util';
import type { Token } from 'markdown-it';
import { readContainerInfo } from './container-info.ts';
import { readFenceInfo } from './fence-info.ts';
import { createMarkdown } from './markdown.ts';
import { optionLetter } from './question.ts';
import { tableLines } from './terminal-table.ts';

export interface TerminalOptions {
  width: number;
  color: boolean;
}

const boxTitles: Record<string, string> = {
  nota: 'Nota',
  entonces: 'Entonces y ahora',
  clusters: 'En tu clúster',
  pregunta: 'Pregunta',
};

type Format = 'bold' | 'cyan' | 'dim' | 'italic' | 'underline';

export function renderTerminal(markdown: string, { width, color }: TerminalOptions): string {
  const paint = (format: Format, text: string): string =>
    color ? styleText(format, text, { validateStream: false }) : text;
  const lines: string[] = [];
  const lists: { ordered: boolean; next: number }[] = [];
  let prefix = '';
  let bullet = '';
  /** Inside a question: how many of its options were written. After them nothing is, for it is the explanation. */
  let options: number | undefined;
  let explaining = false;

  const put = (text: string): void => {
    const indent = '  '.repeat(lists.length) + prefix;
    const first = bullet ? `${'  '.repeat(Math.max(0, lists.length - 1))}${prefix}${bullet} ` : indent;
    bullet = '';
    lines.push(...wrap(text, width, first, indent));
  };

  const tokens = createMarkdown().parse(markdown, {});
  let table: string[][] | undefined;
  for (const [i, token] of tokens.entries()) {
    if (explaining && token.type !== 'container_close') continue;
    switch (token.type) {
      case 'table_open':
        table = [];
        break;
      case 'tr_open':
        table?.push([]);
        break;
      case 'table_close': {
        const [header = [], ...rows] = table ?? [];
        lines.push(...tableLines(header, rows, width, (text) => paint('bold', text)), '');
        table = undefined;
        break;
      }
      case 'inline': {
        if (table) {
          // Without paint: columns are measured in characters.
          table.at(-1)?.push(inline(token, (_format, text) => text));
          break;
        }
        const heading = tokens[i - 1]?.type === 'heading_open';
        const text = withoutMark(inline(token, paint), options !== undefined);
        put(heading ? paint('bold', text) : text);
        if (tokens[i + 1]?.type !== 'paragraph_close' || !tokens[i + 1]?.hidden) lines.push('');
        break;
      }
      case 'fence':
      case 'code_block':
        lines.push(...code(token, paint), '');
        break;
      case 'bullet_list_open':
      case 'ordered_list_open':
        lists.push({ ordered: token.type === 'ordered_list_open', next: Number(token.attrGet('start') ?? 1) });
        break;
      case 'list_item_open': {
        const list = lists.at(-1);
        if (options !== undefined) bullet = `${optionLetter(options++)})`;
        else bullet = list?.ordered ? `${list.next++}.` : '•';
        break;
      }
      case 'bullet_list_close':
      case 'ordered_list_close':
        lists.pop();
        if (lists.length === 0) lines.push('');
        explaining = options !== undefined && options > 0 && lists.length === 0;
        break;
      case 'container_open': {
        const { name, title } = readContainerInfo(token.info);
        prefix = '│ ';
        if (name === 'pregunta') options = 0;
        lines.push(...wrap(paint('bold', title || boxTitles[name] || name), width, prefix, prefix));
        break;
      }
      case 'container_close':
        prefix = '';
        options = undefined;
        explaining = false;
        lines.push('');
        break;
      case 'hr':
        lines.push('─'.repeat(Math.min(width, 40)), '');
        break;
    }
  }
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

/** An option without the mark that says whether it is right. */
function withoutMark(text: string, isOption: boolean): string {
  return isOption ? text.replace(/^\[[ x]\]\s+/, '') : text;
}

function inline(token: Token, paint: (format: Format, text: string) => string): string {
  let strong = false;
  let text = '';
  for (const child of token.children ?? []) {
    if (child.type === 'strong_open' || child.type === 'strong_close') strong = child.type === 'strong_open';
    else if (child.type === 'text') text += strong ? paint('bold', child.content) : child.content;
    else if (child.type === 'code_inline') text += paint('cyan', child.content);
    else if (child.type === 'softbreak') text += ' ';
    else if (child.type === 'hardbreak') text += '\n';
    else if (child.type === 'image') text += paint('dim', `[Dibujo: ${child.content}]`);
  }
  return text;
}

function code(token: Token, paint: (format: Format, text: string) => string): string[] {
  const { flags, values } = readFenceInfo(token.info);
  const body = token.content.trimEnd().split('\n');
  const title = values.fichero === undefined ? [] : [paint('dim', `    # fichero ${values.fichero}`)];
  if (values.muestra !== undefined)
    return [paint('dim', `    # fichero ${values.fichero}: ${body.length} líneas, de las muestras de Malla`)];
  return [...title, ...body.map((line) => `    ${paint('cyan', flags.includes('ejecutar') ? `$ ${line}` : line)}`)];
}

/** Wraps at blanks; escape sequences do not count. */
function wrap(text: string, width: number, first: string, rest: string): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = lines.length === 0 ? first : rest;
    let empty = true;
    for (const word of paragraph.split(' ')) {
      if (!empty && visible(line) + 1 + visible(word) > width) {
        lines.push(line);
        line = rest;
        empty = true;
      }
      line += empty ? word : ` ${word}`;
      empty = false;
    }
    lines.push(line);
  }
  return lines;
}

function visible(text: string): number {
  return stripVTControlCharacters(text).length;
}
