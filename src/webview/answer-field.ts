// The field of a check that asks for a typed answer.
import { h } from './element.ts';
import type { PanelHost } from './host.ts';
import { t } from './l10n.ts';
import type { PanelCheck } from './protocol.ts';

const longest = 500;

export function answerField(
  page: string,
  { id, asks }: PanelCheck & { asks: NonNullable<PanelCheck['asks']> },
  { send }: Pick<PanelHost, 'send'>,
): HTMLElement {
  const field = h('input', {
    type: 'text',
    id: `answer-${id}`,
    'data-key': `answer-${id}`,
    maxlength: longest,
    autocomplete: 'off',
    spellcheck: 'false',
  });
  // The property, not the attribute: what is being typed is not taken away when the card is built again for nothing.
  field.value = asks.typed;
  const form = h(
    'form',
    { class: 'answer' },
    h('label', { for: `answer-${id}` }, asks.question),
    h(
      'span',
      { class: 'answer-line' },
      field,
      h('button', { type: 'submit', class: 'secondary', 'data-key': `send-${id}` }, t('Responder')),
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text !== '') send('respond', { page, check: id, text });
  });
  return form;
}
