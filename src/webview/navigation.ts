// The list of a lab's pages with their states, and the way to the next one.
import { h } from './element.ts';
import type { PanelHost } from './host.ts';
import { t } from './l10n.ts';
import { markSign, markWord } from './marks.ts';
import type { PanelState } from './protocol.ts';

type Pages = Pick<PanelState, 'pages' | 'next'> & { current: string };

export function pageList({ pages, current }: Pages, { send }: PanelHost): HTMLElement[] {
  const items = pages.map(({ id, title, mark, verifiable }, index) =>
    h(
      'li',
      {},
      h(
        'button',
        {
          type: 'button',
          class: 'page-link',
          'data-key': `page-${id}`,
          'aria-current': id === current ? 'step' : undefined,
          onclick: () => send('show', { page: id }),
        },
        verifiable ? markSign(mark) : h('span', { class: 'mark mark-text', 'aria-hidden': 'true' }, '·'),
        h('span', { class: 'page-title' }, index === 0 ? title : `${index}. ${title}`),
        verifiable && h('span', { class: 'unseen' }, `: ${markWord(mark)}`),
      ),
    ),
  );
  return [h('ol', { class: 'pages' }, ...items)];
}

export function pageTurner({ pages, current, next }: Pages, { send }: PanelHost): HTMLElement[] {
  const index = pages.findIndex((p) => p.id === current);
  const [before, after] = [pages[index - 1], pages[index + 1]];
  const here = pages[index];
  const ready = !here?.verifiable || here.mark === 'correcto' || here.mark === 'superado';
  return [
    before
      ? h(
          'button',
          {
            type: 'button',
            class: 'secondary',
            'data-key': 'before',
            onclick: () => send('show', { page: before.id }),
          },
          t('← Anterior'),
        )
      : h('span', {}),
    after
      ? h(
          'button',
          {
            type: 'button',
            class: ready ? undefined : 'secondary',
            'data-key': 'after',
            title: after.title,
            onclick: () => send('show', { page: after.id }),
          },
          index === 0 ? t('Empezar →') : t('Siguiente →'),
        )
      : h(
          'span',
          { class: 'finished' },
          isFinished(pages) && `${t('Laboratorio terminado ✓')} `,
          next &&
            h(
              'button',
              { type: 'button', 'data-key': 'next-lab', onclick: () => send('openLab', { lab: next.id }) },
              t('Siguiente laboratorio: {0} →', next.title),
            ),
        ),
  ];
}

function isFinished(pages: PanelState['pages']): boolean {
  const verifiable = pages.filter((p) => p.verifiable);
  return verifiable.length > 0 && verifiable.every((p) => p.mark === 'correcto' || p.mark === 'superado');
}
