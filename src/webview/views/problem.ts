// What went wrong, as Malla says it everywhere.
import { h } from '../element.ts';
import { t } from '../l10n.ts';
import { AskError } from './ask.ts';

export function problemBox(error: unknown): HTMLElement {
  const { code, happened, expected, todo } =
    error instanceof AskError
      ? error.problem
      : { code: '', happened: error instanceof Error ? error.message : String(error), expected: '', todo: '' };
  return h(
    'div',
    { class: 'problem', role: 'alert' },
    h('p', {}, h('strong', {}, happened), code && ` (${code})`),
    expected !== '' && h('p', {}, t('Se esperaba: {0}', expected)),
    todo !== '' && h('p', {}, t('Qué hacer: {0}', todo)),
  );
}
