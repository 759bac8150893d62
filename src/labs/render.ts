// A lab's text as HTML for the panel. No scripts, styles or handlers: buttons carry data-action and data-index, and what
// they may do is decided by whoever listens.
import type { MarkdownIt, Token } from 'markdown-it';
import { readContainerInfo } from './container-info.ts';
import { readFenceInfo } from './fence-info.ts';
import { type Glossary, linkedTerm } from './glossary.ts';
import type { Lab, Step } from './lab.ts';
import { isManifest } from './manifest.ts';
import { createMarkdown } from './markdown.ts';
import { commandLines } from './page.ts';
import { questionName } from './question.ts';

export { pageActions } from './page.ts';

export interface RenderOptions {
  /** Address of a picture, from its path in media/. */
  image(path: string): string;
  /** Terms explained in the page itself: their links have nowhere to go in a panel. */
  glossary?: Glossary;
}

/** Longer files are folded. */
const unfoldedLines = 40;

export function renderIntroduction(lab: Lab, options: RenderOptions): string {
  return renderer(options, 'texto').render(lab.introduction);
}

/** The step's text, its hints (each `details.pista`) and the mistakes that its author warns of. */
export function renderStep(_lab: Lab, step: Step, options: RenderOptions): string {
  const markdown = renderer(options, 'paso');
  const hints = step.hints.map(
    (hint, i) =>
      `<details class="pista"><summary>Pista ${i + 1}</summary>\n${renderer(options, 'texto').render(hint)}</details>\n`,
  );
  return `${markdown.render(step.markdown)}${hints.join('')}`;
}

export function renderSolution(_lab: Lab, step: Step, options: RenderOptions): string {
  return renderer(options, 'texto').render(step.solutionMarkdown ?? '');
}

/** `paso` draws the buttons of actions; `texto` only copies. */
function renderer({ image, glossary }: RenderOptions, mode: 'paso' | 'texto'): MarkdownIt {
  const markdown = createMarkdown();
  const html = markdown.utils.escapeHtml;
  let next = 0;
  let questions = 0;

  markdown.renderer.rules.fence = (tokens, index) => {
    const token = tokens[index];
    if (!token) return '';
    const { language, flags, values } = readFenceInfo(token.info);
    const path = values.fichero;
    if (path !== undefined) return fileBlock(token, path);
    if (flags.includes('ejecutar')) return commandLines(token).map(commandBlock).join('');
    if (values.respuesta !== undefined) return block('', html(token.content), copyButton(), 'tu respuesta');
    return block(language, html(token.content), copyButton());
  };
  markdown.renderer.rules.code_block = (tokens, index) => block('', html(tokens[index]?.content ?? ''), copyButton());
  markdown.renderer.rules.container_open = (tokens, index) => {
    const { name, values } = readContainerInfo(tokens[index]?.info ?? '');
    const number = name === 'pregunta' ? ++questions : questions;
    const question = name === 'pregunta' ? (values.id ?? questionName(number)) : undefined;
    return openContainer(tokens[index], html, question);
  };
  markdown.renderer.rules.container_close = () => '</aside>\n';
  markdown.renderer.rules.image = (tokens, index, _options, _environment, self) => {
    const token = tokens[index];
    if (!token) return '';
    const path = picturePath(String(token.attrGet('src') ?? ''));
    if (path === undefined) return '';
    return `<img src="${html(image(path))}" alt="${html(self.renderInlineAsText(token.children ?? [], markdown.options, {}))}">`;
  };
  // Links do not nest: what closes is the last that was opened.
  let term: string | undefined;
  markdown.renderer.rules.link_open = (tokens, index, options, _environment, self) => {
    term = linkedTerm(String(tokens[index]?.attrGet('href') ?? ''));
    if (term === undefined) return self.renderToken(tokens, index, options);
    return `<abbr tabindex="0" title="${html(glossary?.get(term) ?? '')}">`;
  };
  markdown.renderer.rules.link_close = (tokens, index, options, _environment, self) =>
    term === undefined ? self.renderToken(tokens, index, options) : '</abbr>';
  return markdown;

  function fileBlock(token: Token, path: string): string {
    const buttons = mode === 'paso' ? fileButtons(token.content, path) + copyButton() : copyButton();
    const body = block('yaml', html(token.content), buttons, path);
    const lines = token.content.split('\n').length;
    if (lines <= unfoldedLines) return body;
    return `<details class="largo"><summary>${html(path)} (${lines} líneas)</summary>\n${body}</details>\n`;
  }

  function commandBlock(command: string): string {
    const buttons =
      mode === 'paso' ? actionButton('ejecutar', 'Ejecutar en el terminal', command) + copyButton() : copyButton();
    return block('bash', html(command), buttons);
  }

  /** Both are the same action of the page: what is applied is the file that it creates. */
  function fileButtons(content: string, path: string): string {
    const create = actionButton('crear', 'Crear fichero', path);
    return isManifest(content) ? create + actionButton('aplicar', 'Aplicar', path, next - 1) : create;
  }

  function actionButton(action: string, title: string, what: string, number = next++): string {
    return `<button type="button" data-action="${action}" data-index="${number}" aria-label="${html(`${title}: ${what}`)}">${title}</button>`;
  }
}

function copyButton(): string {
  return '<button type="button" data-action="copiar">Copiar</button>';
}

function block(language: string, escaped: string, buttons: string, title?: string): string {
  const name = /^[a-z]+$/.test(language) ? ` class="language-${language}"` : '';
  const heading = title === undefined ? '' : `<span class="fichero">${title}</span>`;
  return `<div class="bloque"><div class="barra">${heading}${buttons}</div><pre tabindex="0"><code${name}>${escaped}</code></pre></div>\n`;
}

function openContainer(token: Token | undefined, html: (text: string) => string, question: string | undefined): string {
  const { name, title: written } = readContainerInfo(token?.info ?? '');
  const titles: Record<string, string> = {
    nota: 'Nota',
    entonces: 'Entonces y ahora',
    clusters: 'En tu clúster',
    pregunta: 'Pregunta',
  };
  const title = written || titles[name] || '';
  const mark = question === undefined ? '' : ` data-question="${html(question)}"`;
  // Notes, and no landmarks: a lab has many, and whoever goes from landmark to landmark would find them all alike.
  return `<aside class="${html(name)}" role="note"${mark}><p class="titulo">${html(title)}</p>\n`;
}

/** Pictures come from media/ alone: `../../media/labs/canary/pesos.svg` → `labs/canary/pesos.svg`. */
function picturePath(source: string): string | undefined {
  const path = /^(?:\.\.\/)*media\/(.+)$/.exec(source)?.[1];
  return path !== undefined && /^[\w-]+(\/[\w-]+)*\.(svg|png)$/.test(path) ? path : undefined;
}
