// The lab panel: draws the state that the extension sends and tells it what the student asks for.
import { answerField } from './answer-field.ts';
import { announcement, card, createCheckList } from './checks.ts';
import { h } from './element.ts';
import { connectHost, type PanelHost } from './host.ts';
import { t } from './l10n.ts';
import { markSign } from './marks.ts';
import { pageList, pageTurner } from './navigation.ts';
import { notices } from './notices.ts';
import { createPageText } from './page-text.ts';
import type { PanelState } from './protocol.ts';
import { section } from './section.ts';
import { createSpeech } from './speech.ts';
import { stepButtons } from './step-buttons.ts';
import { trafficLine } from './traffic-line.ts';

const app = document.querySelector<HTMLElement>('#app');
const said = document.querySelector<HTMLElement>('#said');
if (!app || !said) throw new Error('The panel document has no #app or no #said.');

const say = createSpeech(said);
let current: PanelState | undefined;
let hints: Record<string, number> = {};

const host: PanelHost = connectHost({
  state: show,
  hint() {
    if (!text.nextHint()) say(t('No hay más pistas en este paso'));
  },
});
hints = host.saved()?.hints ?? {};

const header = section<Pick<PanelState, 'lab' | 'cluster'> & { open: boolean }>(
  h('header'),
  ({ lab, cluster, open }) => [
    h('h1', {}, lab.title),
    h(
      'p',
      { class: 'facts' },
      lab.chapter && h('span', { class: 'badge' }, t('Teoría')),
      h('span', { class: 'badge' }, `${lab.minutes} min`),
      !lab.chapter &&
        cluster.state === 'en marcha' &&
        h(
          'span',
          { class: 'badge badge-live' },
          [cluster.name, cluster.simulated ? t('simulador') : '', cluster.entry ?? ''].filter(Boolean).join(' · '),
        ),
    ),
    h(
      'details',
      { class: 'objectives', open },
      h('summary', { 'data-key': 'objectives' }, t('Al terminar sabrás')),
      h('ul', {}, ...lab.objectives.map((o) => h('li', {}, o))),
    ),
  ],
);
const notes = section<Parameters<typeof notices>[0]>(h('div', { class: 'notices' }), (state) => notices(state, host));
const traffic = section<Parameters<typeof trafficLine>[0]>(h('div', { class: 'traffic' }), (state) =>
  trafficLine(state, host),
);
const list = section<Parameters<typeof pageList>[0]>(h('nav', { 'aria-label': t('Pasos del laboratorio') }), (pages) =>
  pageList(pages, host),
);
const title = section<{ title: string; mark: PanelState['pages'][number]['mark'] | undefined }>(
  h('div', { class: 'step-head' }),
  (step) => [h('h2', { id: 'step-title', tabindex: -1 }, step.title), ...(step.mark ? [markSign(step.mark)] : [])],
);
const text = createPageText(h('div', { class: 'text', lang: 'es' }), {
  send: host.send,
  say,
  onHints(page, open) {
    hints = { ...hints, [page]: open };
    save();
  },
});
const checkItems = h('ul');
const showChecks = createCheckList(checkItems, (check, element) => {
  const { id = '' } = current?.page ?? {};
  const field = check.asks && answerField(id, { ...check, asks: check.asks }, host);
  return card(check, element, field, () => host.send('openCause', { page: id, check: check.id }));
});
const checks = h(
  'section',
  { class: 'checks', 'aria-label': t('Comprobaciones') },
  h('h3', {}, t('Comprobaciones')),
  checkItems,
);
const buttons = section<Parameters<typeof stepButtons>[0]>(h('div', { class: 'buttons' }), (state) =>
  stepButtons(state, host),
);
const solution = h('section', { class: 'solution', 'aria-label': t('Solución'), hidden: true });
const solutionText = createPageText(h('div', { class: 'text', lang: 'es' }), { send: host.send, say, onHints() {} });
solution.append(h('h3', {}, t('Solución')), solutionText.element);
const turner = section<Parameters<typeof pageTurner>[0]>(h('footer', { class: 'turner' }), (pages) =>
  pageTurner(pages, host),
);

app.append(
  header.element,
  notes.element,
  traffic.element,
  h(
    'div',
    { class: 'columns' },
    list.element,
    h('main', {}, title.element, text.element, checks, buttons.element, solution, turner.element),
  ),
);
host.send('ready', {});

function show(state: PanelState): void {
  const before = current;
  current = state;
  const { lab, pages, page, cluster, previous, folder, trusted, busy, problem, next } = state;
  const here = pages.find((p) => p.id === page.id);
  const turned = before !== undefined && before.page.id !== page.id;

  header.show({ lab, cluster, open: page.id === '' });
  notes.show({ lab, cluster, previous, folder, trusted, ...(busy ? { busy } : {}), ...(problem ? { problem } : {}) });
  traffic.show({ ...(state.traffic ? { traffic: state.traffic } : {}), trusted });
  list.show({ pages, current: page.id });
  title.show({ title: page.title, mark: here?.verifiable ? here.mark : undefined });
  text.show(page.id, page.html, hints[page.id] ?? 0, page.answers);
  showChecks(page.checks);
  checks.hidden = page.checks.length === 0;
  buttons.show({
    page: page.id,
    chapter: lab.chapter,
    hasChecks: page.checks.length > 0,
    hasHints: page.hasHints,
    solution: solutionOf(page),
    mark: here?.mark ?? 'pendiente',
    busy: busy !== undefined,
    trusted,
  });
  solution.hidden = typeof page.solution !== 'object';
  if (typeof page.solution === 'object') solutionText.show(page.id, page.solution.html, 0);
  turner.show({ pages, current: page.id, ...(next ? { next } : {}) });

  // A document that comes back after a reload, or after having been hidden, is shown where it was.
  const saved = before ? undefined : host.saved();
  if (saved?.page === page.id && saved.scroll) window.scrollTo({ top: saved.scroll });
  if (turned) {
    window.scrollTo({ top: 0 });
    document.querySelector<HTMLElement>('#step-title')?.focus({ preventScroll: true });
  } else if (before) {
    const news = announcement(before.page.checks, page.checks);
    if (news) say(news);
    if (
      before.page.solution !== page.solution &&
      typeof page.solution === 'object' &&
      before.page.solution === 'oculta'
    )
      solution.scrollIntoView({ block: 'start' });
  }
  save();
}

let scrolled: number | undefined;
window.addEventListener('scroll', () => {
  window.clearTimeout(scrolled);
  scrolled = window.setTimeout(save, 200);
});

function solutionOf({ solution }: PanelState['page']): 'no hay' | 'oculta' | 'a la vista' {
  return typeof solution === 'object' ? 'a la vista' : solution;
}

function save(): void {
  if (current) host.save({ lab: current.lab.id, page: current.page.id, hints, scroll: Math.round(window.scrollY) });
}
