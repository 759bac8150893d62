// What can be asked of the step in view.
import { h } from './element.ts';
import type { PanelHost } from './host.ts';
import { t } from './l10n.ts';
import type { StepMark } from './protocol.ts';

export interface StepButtonsState {
  page: string;
  /** Of a chapter nothing can be asked: its questions are in its text. */
  chapter: boolean;
  hasChecks: boolean;
  hasHints: boolean;
  solution: 'no hay' | 'oculta' | 'a la vista';
  mark: StepMark;
  busy: boolean;
  trusted: boolean;
}

export function stepButtons(state: StepButtonsState, { send }: PanelHost): HTMLElement[] {
  const { page, chapter, hasChecks, solution, mark, busy, trusted } = state;
  if (page === '' || chapter) return [];
  const checking = mark === 'comprobando';
  const off = busy || !trusted;
  return [
    ...(hasChecks
      ? [
          h(
            'button',
            {
              type: 'button',
              'data-key': 'verify',
              // Not `disabled`: the focus would be lost while the checks run.
              'aria-disabled': off || checking ? 'true' : undefined,
              onclick: () => !off && !checking && send('verify', { page }),
            },
            checking ? t('Verificando…') : t('Verificar'),
          ),
        ]
      : []),
    ...(solution === 'oculta'
      ? [
          h(
            'button',
            {
              type: 'button',
              class: 'secondary',
              'data-key': 'reveal',
              onclick: () => send('revealSolution', { page }),
            },
            t('Mostrar solución'),
          ),
        ]
      : []),
    ...(solution === 'no hay'
      ? []
      : [
          h(
            'button',
            {
              type: 'button',
              class: 'secondary',
              'data-key': 'apply',
              'aria-disabled': off ? 'true' : undefined,
              title: t('Crea los ficheros de la solución y ejecuta sus órdenes'),
              onclick: () => !off && send('applySolution', { page }),
            },
            t('Aplicar solución'),
          ),
        ]),
    h(
      'button',
      {
        type: 'button',
        class: 'secondary',
        'data-key': 'terminal',
        'aria-disabled': off ? 'true' : undefined,
        onclick: () => !off && send('openTerminal', {}),
      },
      t('Abrir terminal'),
    ),
  ];
}
