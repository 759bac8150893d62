// The class as a table that can be narrowed and put in order.
import { h } from '../element.ts';
import { t } from '../l10n.ts';
import type { ClassViewData, FromGradingPanel } from './protocol.ts';
import { chosenRows, type Order } from './rows.ts';

type Row = ClassViewData['students'][number];

export interface StudentsTable {
  element: HTMLElement;
  show(marks: ClassViewData | undefined): void;
  /** Which student is open. */
  mark(code: string | undefined): void;
}

export function createStudentsTable(
  send: (message: FromGradingPanel) => void,
  say: (text: string) => void,
): StudentsTable {
  const element = h('section', { class: 'class', 'aria-label': t('La clase') });
  const search = h('input', { type: 'search', id: 'search', 'data-key': 'search', oninput: () => refresh() });
  const states = h('select', { id: 'states', 'data-key': 'states', onchange: () => refresh() });
  const checks = h('select', { id: 'checks', 'data-key': 'checks', onchange: () => refresh() });
  const causes = h('select', { id: 'causes', 'data-key': 'causes', onchange: () => refresh() });
  const count = h('p', { class: 'count' });
  const head = h('thead', {});
  const body = h('tbody', {});
  let marks: ClassViewData | undefined;
  let order: Order = { by: 'code', down: false };
  let open: string | undefined;

  function refresh(): void {
    if (!marks) return;
    const rows = chosenRows(marks.students, {
      text: search.value,
      state: states.value,
      check: checks.value,
      cause: causes.value,
      order,
    });
    drawHead();
    body.replaceChildren(...rows.map(drawRow));
    const told = t('{0} de {1} alumnos', rows.length, marks.students.length);
    if (count.textContent !== '' && count.textContent !== told) say(told);
    count.textContent = told;
  }

  function drawHead(): void {
    const titles: [Order['by'], string][] = [
      ['code', t('Código')],
      ['name', t('Nombre')],
      ['mark', t('Nota')],
      ['wrong', t('Por revisar')],
    ];
    const cells = titles.map(([by, title]) =>
      h(
        'th',
        { scope: 'col', 'aria-sort': order.by === by ? (order.down ? 'descending' : 'ascending') : 'none' },
        h(
          'button',
          {
            type: 'button',
            class: 'link',
            'data-key': `sort-${by}`,
            onclick: () => {
              order = { by, down: order.by === by && !order.down };
              refresh();
            },
          },
          title + (order.by === by ? (order.down ? ' ▼' : ' ▲') : ''),
        ),
      ),
    );
    const focused = document.activeElement?.getAttribute('data-key');
    head.replaceChildren(h('tr', {}, ...cells, h('th', { scope: 'col' }, t('Observaciones'))));
    if (focused?.startsWith('sort-')) head.querySelector<HTMLElement>(`[data-key="${focused}"]`)?.focus();
  }

  function drawRow(row: Row): HTMLElement {
    const mark =
      row.mark === undefined ? '—' : row.mark.toLocaleString('es', { maximumFractionDigits: marks?.decimals ?? 2 });
    return h(
      'tr',
      { class: row.code === open ? 'open' : '' },
      h(
        'th',
        { scope: 'row' },
        h(
          'button',
          {
            type: 'button',
            class: 'link',
            'data-key': `student-${row.code}`,
            'aria-current': row.code === open ? 'true' : undefined,
            onclick: () => send({ message: 'select', code: row.code }),
          },
          row.code,
        ),
      ),
      h('td', {}, row.name),
      h('td', { class: 'number' }, mark),
      h('td', { class: 'number' }, String(row.wrong.length)),
      h('td', {}, notesOf(row)),
    );
  }

  return {
    element,
    show(next) {
      marks = next;
      element.replaceChildren();
      if (!next) {
        element.append(
          h(
            'p',
            { class: 'empty' },
            t(
              'Elige la carpeta con las entregas y la rúbrica, y pulsa «Calificar». Cada entrega se repite en un clúster nuevo de esta máquina; nada sale de ella.',
            ),
          ),
        );
        return;
      }
      fill(states, t('Cualquier estado'), [
        ['calificada', t('calificada')],
        ['pendiente', t('pendiente')],
        ['no entregada', t('no entregada')],
        ['sin nota', t('sin nota')],
        ['aviso', t('con avisos')],
        ['ajustada', t('ajustada')],
      ]);
      fill(
        checks,
        t('Cualquier comprobación'),
        next.checks.map((c) => [c.key, `${c.title} (${c.wrong})`]),
      );
      fill(
        causes,
        t('Cualquier causa'),
        next.causes.map((c) => [c.code, `${c.title} (${c.students})`]),
      );
      element.append(
        h('h2', {}, next.title),
        h(
          'div',
          { class: 'filters' },
          labelled(t('Buscar'), search),
          labelled(t('Estado'), states),
          labelled(t('Falla'), checks),
          labelled(t('Causa'), causes),
        ),
        count,
        h(
          'div',
          { class: 'scroll' },
          h('table', {}, h('caption', { class: 'unseen' }, t('Alumnos y notas')), head, body),
        ),
        ...unassignedList(next),
      );
      refresh();
    },
    mark(code) {
      if (code === open) return;
      open = code;
      refresh();
    },
  };
}

function notesOf({ state, daysLate, stranger, adjusted, notices }: Row): string {
  return [
    ...(state === 'calificada' ? [] : [stateText(state)]),
    ...(stranger ? [t('no está en la lista')] : []),
    ...(daysLate > 0 ? [daysLate === 1 ? t('1 día tarde') : t('{0} días tarde', daysLate)] : []),
    ...(adjusted ? [t('ajustada')] : []),
    ...notices,
  ].join(' · ');
}

function stateText(state: Row['state']): string {
  const texts = {
    calificada: t('calificada'),
    pendiente: t('pendiente'),
    'no entregada': t('no entregada'),
    'sin nota': t('sin nota'),
  };
  return texts[state];
}

function unassignedList({ unassigned, likenesses }: ClassViewData): HTMLElement[] {
  const lists = unassigned.map(({ submission, message }) => h('li', {}, `${submission}: ${message}`));
  return [
    ...(lists.length > 0 ? [h('h3', {}, t('Entregas sin dueño')), h('ul', {}, ...lists)] : []),
    ...(likenesses > 0
      ? [
          h(
            'p',
            {},
            t(
              'Hay {0} cosas en común entre entregas que no venían en los laboratorios. Están en el informe de la clase, una junto a otra.',
              likenesses,
            ),
          ),
        ]
      : []),
  ];
}

function labelled(text: string, control: HTMLElement): HTMLElement {
  return h('label', { for: control.id }, h('span', {}, text), control);
}

/** Keeps what was chosen, when it is still there. */
function fill(select: HTMLSelectElement, any: string, options: readonly (readonly [string, string])[]): void {
  const before = select.value;
  select.replaceChildren(
    h('option', { value: '' }, any),
    ...options.map(([value, text]) => h('option', { value }, text)),
  );
  select.value = options.some(([value]) => value === before) ? before : '';
}
