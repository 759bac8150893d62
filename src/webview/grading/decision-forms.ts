// The forms with which a teacher changes a mark: none is sent without its reason.
import { h } from '../element.ts';
import { t } from '../l10n.ts';
import type { FromGradingPanel } from './protocol.ts';

type Send = (message: FromGradingPanel) => void;

export function decisionForm(code: string, check: string, send: Send): HTMLElement {
  const counts = h(
    'select',
    { 'aria-label': t('Cómo cuenta'), 'data-key': `counts-${check}` },
    h('option', { value: 'si' }, t('vale como correcta')),
    h('option', { value: 'no' }, t('no vale')),
    h('option', { value: 'nada' }, t('no cuenta')),
  );
  const reason = reasonField(`reason-${check}`);
  const form = h(
    'form',
    {
      onsubmit: (event: Event) => {
        event.preventDefault();
        const chosen = counts.value;
        if (chosen !== 'si' && chosen !== 'no' && chosen !== 'nada') return;
        send({ message: 'decide', code, check, counts: chosen, reason: reason.value.trim() });
      },
    },
    counts,
    reason,
    h('button', { type: 'submit', class: 'second', 'data-key': `decide-${check}` }, t('Anotar')),
  );
  return h('details', { class: 'decide' }, h('summary', {}, t('Decidir otra cosa…')), form);
}

export function pointsForm(code: string, send: Send): HTMLElement {
  const points = h('input', {
    type: 'number',
    step: '0.05',
    required: true,
    'aria-label': t('Puntos que se suman o se restan'),
    'data-key': 'points',
  });
  const reason = reasonField('points-reason');
  return h(
    'form',
    {
      class: 'points',
      onsubmit: (event: Event) => {
        event.preventDefault();
        const value = points.valueAsNumber;
        if (Number.isFinite(value) && value !== 0)
          send({ message: 'points', code, points: value, reason: reason.value.trim() });
      },
    },
    points,
    reason,
    h('button', { type: 'submit', class: 'second', 'data-key': 'give' }, t('Sumar puntos')),
  );
}

function reasonField(key: string): HTMLInputElement {
  return h('input', {
    type: 'text',
    required: true,
    minlength: 3,
    maxlength: 1000,
    'aria-label': t('Motivo'),
    placeholder: t('Motivo: lo lee el alumno'),
    'data-key': key,
  });
}
