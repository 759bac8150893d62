// A student's file with numbered lines and what is wrong under the line where it is.
import { h } from '../element.ts';
import { t } from '../l10n.ts';
import type { DetailData } from './protocol.ts';

/** Of a longer file only so much is drawn. */
const mostLines = 2_000;

export function annotatedFile({ name, lines, notes }: DetailData['files'][number]): HTMLElement {
  const shown = lines.slice(0, mostLines);
  const list = h('ol', { class: 'code', tabindex: 0, 'aria-label': name });
  for (const [i, line] of shown.entries()) {
    const own = notes.filter((n) => n.line === i + 1);
    list.append(
      h(
        'li',
        { class: own.length > 0 ? 'marked' : '' },
        h('code', {}, line === '' ? ' ' : line),
        ...own.map((n) => h('p', { class: 'note' }, `↑ ${n.message} `, h('code', {}, n.code))),
      ),
    );
  }
  return h(
    'details',
    { class: 'file', open: notes.length > 0 },
    h(
      'summary',
      {},
      `${name}${notes.length > 0 ? ` · ${notes.length === 1 ? t('1 nota') : t('{0} notas', notes.length)}` : ''}`,
    ),
    list,
    lines.length > mostLines && h('p', { class: 'dim' }, t('Y {0} líneas más.', lines.length - mostLines)),
  );
}
