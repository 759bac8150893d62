// The text of a page: HTML that the lab renderer made from Markdown with HTML off. The only place that sets innerHTML.
import type { PanelHost } from './host.ts';
import { locale, t } from './l10n.ts';
import { type Answers, enliven } from './questions.ts';

export interface PageText {
  readonly element: HTMLElement;
  show(page: string, html: string, hintsOpen: number, answers?: Answers): void;
  /** Unfolds the next hint and moves there; false when there is none left. */
  nextHint(): boolean;
}

export interface PageTextOptions {
  send: PanelHost['send'];
  /** How many hints of the page are unfolded now. */
  onHints(page: string, open: number): void;
  /** Says something aloud and in view for a moment. */
  say(text: string): void;
}

export function createPageText(element: HTMLElement, { send, onHints, say }: PageTextOptions): PageText {
  let page = '';
  let shown: string | undefined;
  const hints = (): HTMLDetailsElement[] => [...element.querySelectorAll<HTMLDetailsElement>('details.pista')];

  /** A hint can be reached once those before it are unfolded. */
  const unfoldOneAtATime = (): void => {
    const all = hints();
    const open = all.findIndex((d) => !d.open);
    all.forEach((d, i) => {
      d.hidden = open !== -1 && i > open;
    });
  };

  element.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('[data-action]') : null;
    if (button instanceof HTMLElement && element.contains(button)) act(button);
  });
  // `toggle` does not bubble.
  element.addEventListener(
    'toggle',
    (event) => {
      if (!(event.target instanceof HTMLDetailsElement) || !event.target.classList.contains('pista')) return;
      unfoldOneAtATime();
      onHints(page, hints().filter((d) => d.open).length);
    },
    true,
  );

  return {
    element,
    show(nextPage, html, hintsOpen, answers = {}) {
      if (nextPage === page && html === shown) return;
      page = nextPage;
      shown = html;
      element.innerHTML = html;
      nameButtons(element);
      enliven(element, answers, { say, onChoose: (question, chosen) => send('choose', { page, question, chosen }) });
      hints().forEach((d, i) => {
        d.open = i < hintsOpen;
      });
      unfoldOneAtATime();
    },
    nextHint() {
      const next = hints().find((d) => !d.open);
      if (!next) return false;
      next.open = true;
      next.hidden = false;
      next.querySelector('summary')?.focus();
      return true;
    },
  };

  function act(button: HTMLElement): void {
    const { action, index } = button.dataset;
    if (action === 'crear') send('create', { page, action: Number(index) });
    if (action === 'aplicar') send('apply', { page, action: Number(index) });
    if (action === 'ejecutar') send('run', { page, action: Number(index) });
    if (action === 'copiar') {
      send('copy', { text: button.closest('.bloque')?.querySelector('pre')?.textContent ?? '' });
      say(t('Copiado'));
    }
  }
}

/** The renderer writes them in the language of the lab; they belong to the panel. */
function nameButtons(element: HTMLElement): void {
  const names: Record<string, string> = {
    crear: t('Crear fichero'),
    aplicar: t('Aplicar'),
    ejecutar: t('Ejecutar en el terminal'),
    copiar: t('Copiar'),
  };
  for (const button of element.querySelectorAll<HTMLElement>('[data-action]')) {
    const name = names[button.dataset.action ?? ''];
    if (name === undefined || name === button.textContent) continue;
    const label = button.getAttribute('aria-label');
    if (label) button.setAttribute('aria-label', label.replace(button.textContent ?? '', name));
    button.textContent = name;
    button.lang = locale();
  }
}
