// Where the hand-ins, the rubric and the list are, and what can be done with them.
import { h } from '../element.ts';
import { t } from '../l10n.ts';
import type { FromGradingPanel, GradingState, SourceName } from './protocol.ts';

export function sourcesBar(
  { sources, work, marks, written }: GradingState,
  send: (message: FromGradingPanel) => void,
): HTMLElement[] {
  const names: Record<SourceName, string> = {
    folder: t('Entregas'),
    rubric: t('Rúbrica'),
    list: t('Lista (opcional)'),
  };
  const busy = work !== undefined;
  const chosen = (Object.keys(names) as SourceName[]).map((source) =>
    h(
      'div',
      { class: 'source' },
      h('span', { class: 'source-name' }, names[source]),
      h('span', { class: 'path', title: sources[source] }, shortened(sources[source]) || t('sin elegir')),
      h(
        'button',
        {
          type: 'button',
          class: 'second',
          disabled: busy,
          'data-key': `choose-${source}`,
          'aria-label': t('Elegir: {0}', names[source]),
          onclick: () => send({ message: 'choose', source }),
        },
        t('Elegir…'),
      ),
    ),
  );
  const ready = sources.folder !== '' && sources.rubric !== '';
  const buttons = h(
    'div',
    { class: 'actions' },
    work?.what === 'calificar'
      ? button(t('Cancelar'), 'cancel', false, () => send({ message: 'cancel' }))
      : button(t('Calificar'), 'grade', busy || !ready, () => send({ message: 'grade' })),
    marks && button(t('Exportar informes'), 'export', busy, () => send({ message: 'export' })),
    written !== undefined && button(t('Abrir el informe de la clase'), 'open', busy, () => send({ message: 'open' })),
  );
  return [...chosen, buttons, ...(work ? [progress(work)] : [])];
}

function button(text: string, key: string, disabled: boolean, onclick: () => void): HTMLElement {
  return h(
    'button',
    { type: 'button', disabled, 'data-key': key, class: key === 'grade' ? '' : 'second', onclick },
    text,
  );
}

function progress({ what, done, of }: NonNullable<GradingState['work']>): HTMLElement {
  const names = {
    calificar: t('Repitiendo entregas…'),
    leer: t('Leyendo los resultados…'),
    escribir: t('Escribiendo…'),
  };
  const text = of > 0 ? `${names[what]} ${t('{0} de {1}', done, of)}` : names[what];
  return h(
    'p',
    { class: 'progress' },
    h('progress', { 'aria-label': names[what], ...(of > 0 ? { max: of, value: done } : {}) }),
    ` ${text}`,
  );
}

/** The end of a path is what tells it from others. */
function shortened(path: string): string {
  const parts = path.split(/[\\/]/);
  return parts.length > 3 ? parts.slice(-2).join('/') : path;
}
