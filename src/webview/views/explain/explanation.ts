// The answer to "what happens to this request?", drawn.
import type { ExplainedHop, ExplainedRequest, ExplainedStep, Tone } from '../../../views/explain/explained-request.ts';
import { h } from '../../element.ts';
import { t } from '../../l10n.ts';

const signs: Record<Tone, { sign: string; title: string }> = {
  passed: { sign: '✓', title: t('sigue') },
  skipped: { sign: '–', title: t('no se aplica') },
  changed: { sign: '↷', title: t('cambia') },
  stop: { sign: '✕', title: t('se acaba aquí') },
};

export function explanation(explained: ExplainedRequest): HTMLElement[] {
  return [
    h('p', { class: 'outcome' }, explained.outcome),
    ...explained.hops.map(hop),
    ...(explained.shares.length > 1 ? [shares(explained)] : []),
    ...yamls(explained),
  ];
}

function hop({ title, steps }: ExplainedHop): HTMLElement {
  if (steps.length === 0)
    return h('section', { class: 'hop' }, h('h2', {}, title), h('p', {}, t('Ninguna política la frena.')));
  return h('section', { class: 'hop' }, h('h2', {}, title), h('ol', {}, ...steps.map(step)));
}

function step({ text, tone, source }: ExplainedStep): HTMLElement {
  const { sign, title } = signs[tone];
  return h(
    'li',
    { class: `step step-${tone}` },
    h('span', { class: 'sign', role: 'img', 'aria-label': title }, sign),
    h('span', { class: 'what' }, text),
    source && where(source),
  );
}

function where({ object, path, line }: NonNullable<ExplainedStep['source']>): HTMLElement {
  const place = h('code', {}, `${object} ${path}`);
  if (line === undefined) return h('span', { class: 'where' }, place);
  const id = lineId(object, line);
  const go = (event: Event): void => {
    event.preventDefault();
    const target = document.getElementById(id);
    target?.closest('details')?.setAttribute('open', '');
    target?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: 'center' });
  };
  return h('span', { class: 'where' }, h('a', { href: `#${id}`, onclick: go }, place, ` ${t('línea {0}', line)}`));
}

function shares({ shares, draws }: ExplainedRequest): HTMLElement {
  return h(
    'section',
    { class: 'shares' },
    h('h2', {}, t('Adónde van muchas como esta')),
    h(
      'table',
      {},
      h('caption', {}, t('De {0} peticiones iguales, según el motor', draws)),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('Destino')), h('th', { scope: 'col' }, t('Peticiones')))),
      h(
        'tbody',
        {},
        ...shares.map(({ to, count }) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, to),
            h('td', {}, h('meter', { min: 0, max: draws, value: count, 'aria-hidden': true }), ` ${count}`),
          ),
        ),
      ),
    ),
  );
}

function yamls({ hops, objects }: ExplainedRequest): HTMLElement[] {
  const marked = new Map<string, Set<number>>();
  for (const { source } of hops.flatMap((hop) => hop.steps)) {
    if (source?.line === undefined) continue;
    marked.set(source.object, (marked.get(source.object) ?? new Set()).add(source.line));
  }
  return Object.entries(objects).map(([object, yaml]) =>
    h(
      'details',
      { class: 'yaml', open: true },
      h('summary', {}, h('code', {}, object)),
      h(
        'ol',
        { class: 'lines' },
        ...yaml
          .trimEnd()
          .split('\n')
          .map(yamlLine(object, marked.get(object) ?? new Set())),
      ),
    ),
  );
}

function yamlLine(object: string, marked: ReadonlySet<number>) {
  return (text: string, index: number): HTMLElement => {
    const number = index + 1;
    const decides = marked.has(number);
    return h(
      'li',
      { id: lineId(object, number), class: decides && 'decides', tabindex: decides && -1 },
      h('code', {}, text),
    );
  };
}

function lineId(object: string, line: number): string {
  return `${object.replace(/[^\w-]+/g, '-')}-${line}`;
}
