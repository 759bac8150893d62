// One trace as a waterfall: a row for each span, in the order of the calls, its bar where it happened.
import type { TraceSpan, TraceTree } from '../../../views/traces/trace.ts';
import { h } from '../../element.ts';
import { t } from '../../l10n.ts';
import { milliseconds } from '../numbers.ts';
import { svg } from '../svg.ts';

export function waterfall({ id, duration, spans }: TraceTree): HTMLElement[] {
  return [
    h('h2', {}, t('Traza {0}', id.slice(0, 12))),
    h('p', {}, t('{0} tramos en {1}.', spans.length, milliseconds(duration))),
    h(
      'table',
      { class: 'waterfall' },
      h('caption', { class: 'unseen' }, t('Tramos en el orden de las llamadas')),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...[t('Servicio y operación'), t('Cuándo'), t('Dura'), t('Estado')].map((text) =>
            h('th', { scope: 'col' }, text),
          ),
        ),
      ),
      h('tbody', {}, ...spans.map((span) => row(span, duration))),
    ),
  ];
}

function row(span: TraceSpan, total: number): HTMLElement {
  const { service, operation, side, depth, duration, status, flags, error } = span;
  const name = h('details', {}, h('summary', {}, h('strong', {}, service), ` ${operation} · ${side}`), tags(span));
  const cell = h('th', { scope: 'row' }, name);
  cell.style.paddingInlineStart = `${depth * 1.1}rem`;
  return h(
    'tr',
    { class: error && 'failed' },
    cell,
    h(
      'td',
      { class: 'when' },
      bar(span, total),
      h('span', { class: 'unseen' }, t('empieza a los {0}', milliseconds(span.offset))),
    ),
    h('td', {}, milliseconds(duration)),
    h('td', {}, [status, flags].filter(Boolean).join(' ') || '–'),
  );
}

function bar({ offset, duration, side }: TraceSpan, total: number): SVGSVGElement {
  const share = (value: number): number => (total > 0 ? (100 * value) / total : 0);
  return svg(
    'svg',
    { class: `bar bar-${side}`, viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { x: share(offset), y: 1, width: Math.max(0.5, share(duration)), height: 8 }),
  );
}

function tags({ tags }: TraceSpan): HTMLElement {
  return h('dl', { class: 'tags' }, ...tags.flatMap(({ name, value }) => [h('dt', {}, name), h('dd', {}, value)]));
}
