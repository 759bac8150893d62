// The drawings of reports, as SVG. Each says in words what it shows; the figures are also in a table beside it.
import { type Markup, markup } from './markup.ts';
import { people } from './words.ts';

export interface Bin {
  /** As it is written under the bar. */
  label: string;
  count: number;
}

/** Ten bins from 0 to the highest mark; the last holds what is above. */
export function binsOf(marks: readonly number[], highest: number): Bin[] {
  const count = 10;
  const width = highest / count;
  const bins = Array.from(
    { length: count },
    (_, i): Bin => ({ label: `${spanish(i * width)}–${spanish((i + 1) * width)}`, count: 0 }),
  );
  for (const mark of marks) {
    const bin = bins[Math.min(count - 1, Math.floor(mark / width + 1e-9))];
    if (bin) bin.count++;
  }
  return bins;
}

export function histogram(bins: readonly Bin[]): Markup {
  const [width, height, base] = [640, 200, 170];
  const step = width / bins.length;
  const most = Math.max(1, ...bins.map((b) => b.count));
  const bars = bins.map(({ label, count }, i) => {
    const tall = Math.round((count / most) * (base - 24));
    const x = i * step + 6;
    return markup`<rect class="bar" x="${x.toFixed(1)}" y="${base - tall}" width="${(step - 12).toFixed(1)}" height="${tall}" rx="3"/>
<text x="${(x + (step - 12) / 2).toFixed(1)}" y="${base - tall - 6}" text-anchor="middle">${count > 0 ? count : ''}</text>
<text x="${(x + (step - 12) / 2).toFixed(1)}" y="${base + 18}" text-anchor="middle">${label}</text>`;
  });
  const said = bins.filter((b) => b.count > 0).map((b) => `de ${b.label.replace('–', ' a ')}, ${people(b.count)}`);
  return markup`<svg role="img" aria-label="Reparto de las notas: ${said.join('; ') || 'aún no hay'}" viewBox="0 0 ${width} ${height}" width="${width}">
<line class="axis" x1="0" y1="${base}" x2="${width}" y2="${base}"/>
${bars}
</svg>`;
}

export interface Part {
  kind: 'right' | 'wrong' | 'unknown' | 'missing';
  count: number;
}

/** A bar of parts; the numbers stand in the cells beside it, so it is hidden from who listens. */
export function stackedBar(parts: readonly Part[]): Markup {
  const [width, height] = [160, 12];
  const total = parts.reduce((sum, p) => sum + p.count, 0);
  let x = 0;
  const pieces = parts.map(({ kind, count }) => {
    const wide = total === 0 ? 0 : (count / total) * width;
    const piece = markup`<rect class="f-${kind}" x="${x.toFixed(2)}" y="2" width="${wide.toFixed(2)}" height="${height - 4}"/>`;
    x += wide;
    return count > 0 && piece;
  });
  return markup`<svg aria-hidden="true" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${pieces}</svg>`;
}

export function shareBar(count: number, of: number): Markup {
  const wide = of === 0 ? 0 : (count / of) * 120;
  return markup`<svg aria-hidden="true" viewBox="0 0 120 12" width="120" height="12"><rect class="f-missing" x="0" y="2" width="120" height="8"/><rect class="bar" x="0" y="2" width="${wide.toFixed(1)}" height="8"/></svg>`;
}

function spanish(value: number): string {
  return value.toLocaleString('es-ES', { maximumFractionDigits: 1 });
}
