// The sign of each state: shape and word as well as colour.
import { h } from './element.ts';
import type { StepMark } from './protocol.ts';

const signs: Record<StepMark, { sign: string; word: string }> = {
  pendiente: { sign: '○', word: 'pendiente' },
  comprobando: { sign: '◌', word: 'comprobando' },
  correcto: { sign: '✓', word: 'correcto' },
  superado: { sign: '✓', word: 'superado' },
  incorrecto: { sign: '✕', word: 'incorrecto' },
  'no verificable': { sign: '?', word: 'no verificable' },
};

export function markSign(mark: StepMark): HTMLElement {
  return h('span', { class: `mark mark-${mark.replace(' ', '-')}`, 'aria-hidden': 'true' }, signs[mark].sign);
}

export function markWord(mark: StepMark): string {
  return signs[mark].word;
}
