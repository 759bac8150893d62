// CommonMark as labs use it: HTML off, only harmless links, and the containers `::: name …` … `:::`.
import createParser, { type MarkdownIt, type StateBlock } from 'markdown-it';

export const containerNames = ['pista', 'solucion', 'error', 'pregunta', 'nota', 'entonces', 'clusters'] as const;
export type ContainerName = (typeof containerNames)[number];

/** A new parser. Tokens of a container are `container_open` and `container_close`, its name in `info`. */
export function createMarkdown(): MarkdownIt {
  const markdown = createParser('commonmark', { html: false, linkify: false, typographer: false }).enable('table');
  markdown.validateLink = isHarmless;
  markdown.block.ruler.before('fence', 'container', container, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  });
  return markdown;
}

/** https, anchors and relative paths; never command:, javascript:, data: or file:. */
export function isHarmless(url: string): boolean {
  return /^https:\/\//i.test(url) || !/^\s*[a-z][a-z0-9+.-]*:|^\s*\/\//i.test(url);
}

function container(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const lineOf = (line: number): string =>
    state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
  const first = lineOf(startLine);
  if (!first.startsWith('::: ')) return false;
  if (silent) return true;
  let next = startLine + 1;
  let depth = 1;
  let fence = '';
  for (; next < endLine; next++) {
    const line = lineOf(next);
    const mark = line.startsWith('```') ? (line.split(/[^`]/)[0] ?? '') : '';
    if (fence !== '') {
      // A fence hides what looks like a container inside it.
      if (mark.length >= fence.length && line.trim() === mark) fence = '';
    } else if (mark !== '') fence = mark;
    else if (line.startsWith('::: ')) depth++;
    else if (line.trimEnd() === ':::' && --depth === 0) break;
  }
  const open = state.push('container_open', 'div', 1);
  open.info = first.slice(4).trim();
  open.map = [startLine, Math.min(next + 1, endLine)];
  // An unclosed container reaches to the end; the parser of labs refuses it by this mark.
  open.hidden = next >= endLine;
  open.block = true;
  const { parentType, lineMax } = state;
  state.parentType = 'blockquote';
  state.lineMax = next;
  state.md.block.tokenize(state, startLine + 1, next);
  state.parentType = parentType;
  state.lineMax = lineMax;
  state.push('container_close', 'div', -1).block = true;
  state.line = next + 1;
  return true;
}
