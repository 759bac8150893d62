// The instructor's panel: where everything is, the class as a table, and one student's work.
import { h } from '../element.ts';
import { t } from '../l10n.ts';
import { createSpeech } from '../speech.ts';
import { type FromGradingPanel, type GradingState, toPanelSchema } from './protocol.ts';
import { sourcesBar } from './sources-bar.ts';
import { studentDetail } from './student-detail.ts';
import { createStudentsTable } from './students-table.ts';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const app = document.querySelector<HTMLElement>('#app');
const said = document.querySelector<HTMLElement>('#said');
if (!app || !said) throw new Error('The panel has no #app or no #said.');

const vscode = acquireVsCodeApi();
const send = (message: FromGradingPanel): void => vscode.postMessage(message);
const say = createSpeech(said);
const bar = h('div', { class: 'sources' });
const trouble = h('div', {});
const table = createStudentsTable(send, say);
const detail = h('section', { class: 'detail', 'aria-label': t('Trabajo del alumno') });
app.append(
  h(
    'main',
    {},
    h('h1', {}, t('Calificar una clase')),
    bar,
    trouble,
    h('div', { class: 'sheet' }, table.element, detail),
  ),
);

let shown: GradingState | undefined;

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const read = toPanelSchema.safeParse(data);
  if (read.success) draw(read.data.state);
});
send({ message: 'ready' });

function draw(state: GradingState): void {
  const focused = document.activeElement?.getAttribute('data-key');
  bar.replaceChildren(...sourcesBar(state, send));
  drawProblem(state);
  if (!shown || JSON.stringify(state.marks) !== JSON.stringify(shown.marks)) table.show(state.marks);
  table.mark(state.detail?.code);
  if (!shown || JSON.stringify(state.detail) !== JSON.stringify(shown.detail)) {
    const open = state.detail && state.detail.code !== shown?.detail?.code;
    detail.replaceChildren(...(state.detail ? [studentDetail(state.detail, state.marks, send)] : []));
    detail.hidden = state.detail === undefined;
    if (open) detail.querySelector<HTMLElement>('h2')?.focus();
  }
  if (shown?.work && !state.work && !state.problem) say(t('Hecho.'));
  shown = state;
  // What was drawn again takes the cursor back.
  if (focused && !document.activeElement?.matches(`[data-key="${focused}"]`))
    for (const element of document.querySelectorAll<HTMLElement>('[data-key]'))
      if (element.dataset.key === focused && document.activeElement === document.body) element.focus();
}

function drawProblem({ problem }: GradingState): void {
  trouble.replaceChildren(
    ...(problem
      ? [
          h(
            'div',
            { class: 'problem', role: 'alert' },
            h('p', { class: 'told' }, h('strong', {}, problem.happened), ` (${problem.code})`),
            problem.todo !== '' && h('p', {}, t('Qué hacer: {0}', problem.todo)),
          ),
        ]
      : []),
  );
}
