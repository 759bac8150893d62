// One student's work: the account of the mark, what is not right, the YAML with what is wrong at its lines, and the teacher's
// decisions.
import { h } from '../element.ts';
import { t } from '../l10n.ts';
import { annotatedFile } from './annotated-file.ts';
import { decisionForm, pointsForm } from './decision-forms.ts';
import type { ClassViewData, DetailData, FromGradingPanel } from './protocol.ts';

type Send = (message: FromGradingPanel) => void;

export function studentDetail(detail: DetailData, marks: ClassViewData | undefined, send: Send): HTMLElement {
  const mark =
    detail.mark === undefined ? t('sin nota') : t('{0} de {1}', number(detail.mark), number(marks?.outOf ?? 10));
  const wrong = detail.checks.filter((c) => c.state !== 'correcto' || c.decided !== '');
  const right = detail.checks.length - wrong.length;
  return h(
    'div',
    {},
    h(
      'div',
      { class: 'detail-head' },
      h('h2', { tabindex: -1 }, [detail.code, detail.name].filter(Boolean).join(' · ')),
      h(
        'button',
        { type: 'button', class: 'second', 'data-key': 'close', onclick: () => send({ message: 'close' }) },
        t('Cerrar'),
      ),
    ),
    h('p', { class: 'mark' }, mark),
    detail.submission !== '' && h('p', { class: 'dim' }, `${detail.submission} · ${moment(detail.handedIn)}`),
    ...detail.notices.map((n) => h('p', { class: 'notice' }, `${n.message} (${n.code})`)),
    h('h3', {}, t('Por revisar')),
    wrong.length === 0 && h('p', {}, t('Todo está bien.')),
    ...wrong.map((check) => checkItem(check, detail.code, send)),
    right > 0 && h('p', { class: 'dim' }, t('Y {0} comprobaciones bien.', right)),
    detail.files.length > 0 && h('h3', {}, t('Sus ficheros')),
    ...detail.files.map(annotatedFile),
    account(detail),
    h('h3', {}, t('Ajustes')),
    ...detail.decisions.map((d) => decisionItem(d, detail.code, send)),
    pointsForm(detail.code, send),
  );
}

function checkItem(check: DetailData['checks'][number], code: string, send: Send): HTMLElement {
  const { key, title, place, state, claimed, expected, observed, cause, decided } = check;
  const decisions = { si: t('vale como correcta'), no: t('no vale'), nada: t('no cuenta'), '': '' };
  return h(
    'article',
    { class: `check state-${state.replace(' ', '-')}` },
    h('h4', {}, h('span', { class: 'state' }, stateText(state)), ` ${title}`),
    h('p', { class: 'dim' }, place),
    cause && h('p', {}, `${cause.message}. ${cause.hint} `, h('code', {}, cause.code)),
    expected !== '' && h('p', {}, t('Se esperaba: {0}', expected)),
    observed !== '' && h('p', {}, t('Se observa: {0}', observed)),
    claimed !== '' && claimed !== state && h('p', { class: 'notice' }, t('La entrega dice «{0}».', claimed)),
    decided !== '' && h('p', { class: 'notice' }, t('Decidido: {0}.', decisions[decided])),
    decisionForm(code, key, send),
  );
}

function stateText(state: DetailData['checks'][number]['state']): string {
  const texts = {
    correcto: t('✔ Bien:'),
    incorrecto: t('✘ Mal:'),
    'no verificable': t('? Sin verificar:'),
    falta: t('– Falta:'),
  };
  return texts[state];
}

function account({ account: lines }: DetailData): HTMLElement {
  return h(
    'details',
    { class: 'account' },
    h('summary', {}, t('De dónde sale la nota')),
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...[t('Qué'), t('Vale'), t('Puntos')].map((text) => h('th', { scope: 'col' }, text)))),
      h(
        'tbody',
        {},
        ...lines.map((l) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, [l.title, l.lab, l.reason].filter(Boolean).join(' · ')),
            h('td', { class: 'number' }, l.worth === undefined ? '' : number(l.worth)),
            h('td', { class: 'number' }, number(l.points)),
          ),
        ),
      ),
    ),
  );
}

function decisionItem(
  { number: line, what, reason, by, at, inForce }: DetailData['decisions'][number],
  code: string,
  send: Send,
): HTMLElement {
  return h(
    'p',
    { class: inForce ? 'decision' : 'decision void' },
    `${line}. ${what}. ${reason}${by === '' ? '' : ` (${by})`}, ${moment(at)} `,
    inForce &&
      h(
        'button',
        {
          type: 'button',
          class: 'link',
          'data-key': `undo-${line}`,
          onclick: () => send({ message: 'undo', code, number: line, reason: t('Anulado por quien califica') }),
        },
        t('Dejar sin efecto'),
      ),
  );
}

function number(value: number): string {
  return value.toLocaleString('es', { maximumFractionDigits: 2 });
}

function moment(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? '' : at.toLocaleString('es', { dateStyle: 'medium', timeStyle: 'short' });
}
