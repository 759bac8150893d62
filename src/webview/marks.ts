// The sign of each state: shape and word as well as colour.
import { h } from './element.ts';
import { t } from './l10n.ts';
import type { StepMark } from './protocol.ts';

const signs: Record<StepMark, { sign: string; word: string }> = {
  pendiente: { sign: '○', word: t('pendiente') },
  comprobando: { sign: '◌', word: t('comprobando') },
  correcto: { sign: '✓', word: t('correcto') },
  superado: { sign: '✓', word: t('superado') },
  incorrecto: { sign: '✕', word: t('incorrecto') },
  'no verificable': { sign: '?', word: t('no verificable') },
};

export function markSign(mark: StepMark): HTMLElement {
  return h('span', { class: `mark mark-${mark.replace(' ', '-')}`, 'aria-hidden': 'true' }, signs[mark].sign);
}

export function markWord(mark: StepMark): string {
  return signs[mark].word;
}
