// One card per check: its state, and for a verdict what was expected, observed and why.
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { h } from './element.ts';
import { evidence } from './evidence.ts';
import { t } from './l10n.ts';
import { markSign, markWord } from './marks.ts';
import type { PanelCheck } from './protocol.ts';
import { type Section, section } from './section.ts';

type Check = PanelCheck;

/** One section per check: a card is built again only when its own check changes. */
export function createCheckList(
  list: HTMLElement,
  build: (check: Check, element: HTMLElement) => Node[] = (check, element) => card(check, element),
): (checks: readonly Check[]) => void {
  let cards = new Map<string, Section<Check>>();
  return (checks) => {
    const next = new Map(
      checks.map((c) => [c.id, cards.get(c.id) ?? section<Check>(h('li', { class: 'check' }), build)]),
    );
    const sameList = [...next.keys()].join() === [...cards.keys()].join();
    for (const check of checks) next.get(check.id)?.show(check);
    if (!sameList) list.replaceChildren(...[...next.values()].map((c) => c.element));
    cards = next;
  };
}

/** `field` comes between the head and the verdict; `openCause` shows the line of the student's file that is to blame. */
export function card(check: Check, element: HTMLElement, field?: Node, openCause?: () => void): Node[] {
  element.className = `check check-${check.mark.replace(' ', '-')}`;
  const head = h(
    'div',
    { class: 'check-head' },
    markSign(check.mark),
    h('span', { class: 'check-title' }, check.title),
    h('span', { class: 'check-word' }, markWord(check.mark)),
  );
  const top = field ? [head, field] : [head];
  return check.verdict && check.mark !== 'pendiente' ? [...top, body(check.verdict, openCause)] : top;
}

function body(verdict: NonNullable<Check['verdict']>, openCause?: () => void): HTMLElement {
  const right = verdict.state === 'correcto';
  return h(
    'div',
    { class: 'check-body' },
    h(
      'dl',
      {},
      ...(right ? [] : pair(t('Se esperaba'), verdict.expected)),
      ...pair(right ? t('Comprobado') : t('Se observa'), verdict.observed),
    ),
    verdict.cause && cause(verdict.cause, openCause),
    evidence(verdict),
  );
}

function cause({ code, message, hint, at }: Diagnosis, openCause?: () => void): HTMLElement {
  const where =
    at && `${at.kind} ${[at.namespace, at.name].filter(Boolean).join('/')}${at.path ? ` → ${at.path}` : ''}`;
  const file = at?.file && t('{0}, línea {1}', at.file, at.line ?? 1);
  return h(
    'div',
    { class: 'cause' },
    h('p', {}, h('strong', {}, t('Causa: ')), message, ' ', h('code', { class: 'code-name' }, code)),
    where && h('p', {}, h('strong', {}, t('Dónde: ')), h('code', {}, where), ' ', file && opener(file, openCause)),
    h('p', {}, h('strong', {}, t('Prueba a: ')), hint),
  );
}

function opener(file: string, openCause?: () => void): HTMLElement {
  if (!openCause) return h('span', {}, `(${file})`);
  return h('button', { type: 'button', class: 'link', 'data-key': `cause-${file}`, onclick: openCause }, file);
}

function pair(term: string, text: string): HTMLElement[] {
  return [h('dt', {}, term), h('dd', {}, text)];
}

/** What changed from one state to the next, as a sentence to be read aloud; empty when nothing did. */
export function announcement(before: readonly Check[], after: readonly Check[]): string {
  return after
    .filter((check) => {
      const old = before.find((b) => b.id === check.id);
      return old && old.mark !== check.mark && check.mark !== 'comprobando' && check.mark !== 'pendiente';
    })
    .map((check) => {
      const why = check.verdict?.cause ? `. ${check.verdict.cause.message}` : '';
      return `${check.title}: ${markWord(check.mark)}${why}`;
    })
    .join('. ');
}
