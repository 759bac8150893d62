// One card per check: its state, and for a verdict what was expected, observed and why.
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { h } from './element.ts';
import { evidence } from './evidence.ts';
import { markSign, markWord } from './marks.ts';
import type { PageState } from './protocol.ts';

type Check = PageState['checks'][number];

export function checkCards(checks: readonly Check[]): HTMLElement[] {
  return checks.map((check) =>
    h(
      'li',
      { class: `check check-${check.mark.replace(' ', '-')}`, 'data-check': check.id },
      h(
        'div',
        { class: 'check-head' },
        markSign(check.mark),
        h('span', { class: 'check-title' }, check.title),
        h('span', { class: 'check-word' }, markWord(check.mark)),
      ),
      check.verdict && check.mark !== 'pendiente' && body(check.verdict),
    ),
  );
}

function body(verdict: NonNullable<Check['verdict']>): HTMLElement {
  const right = verdict.state === 'correcto';
  return h(
    'div',
    { class: 'check-body' },
    h(
      'dl',
      {},
      ...(right ? [] : pair('Se esperaba', verdict.expected)),
      ...pair(right ? 'Comprobado' : 'Se observa', verdict.observed),
    ),
    verdict.cause && cause(verdict.cause),
    evidence(verdict),
  );
}

function cause({ code, message, hint, at }: Diagnosis): HTMLElement {
  const where =
    at && `${at.kind} ${[at.namespace, at.name].filter(Boolean).join('/')}${at.path ? ` → ${at.path}` : ''}`;
  return h(
    'div',
    { class: 'cause' },
    h('p', {}, h('strong', {}, 'Causa: '), message, ' ', h('code', { class: 'code-name' }, code)),
    where && h('p', {}, h('strong', {}, 'Dónde: '), h('code', {}, where)),
    h('p', {}, h('strong', {}, 'Prueba a: '), hint),
  );
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
