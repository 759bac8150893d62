// The text format of Prometheus, read line by line.
import { type LabelPair, Labels, METRIC_NAME } from '../../../promql/labels.ts';
import { parseNumber } from '../../../promql/text.ts';

export interface Exposition {
  /** What stands before the value, as written, and the value. */
  samples: [series: string, value: number][];
  /** By metric family. */
  types: Map<string, string>;
  helps: Map<string, string>;
}

/** Lines that are none of the format are left out. */
export function readExposition(text: string, mostSamples: number): Exposition {
  const result: Exposition = { samples: [], types: new Map(), helps: new Map() };
  for (let from = 0; from < text.length; ) {
    const newline = text.indexOf('\n', from);
    const to = newline < 0 ? text.length : newline;
    if (text[from] === '#') readComment(text.slice(from, to), result);
    else if (to > from && result.samples.length < mostSamples) readSample(text.slice(from, to), result.samples);
    from = to + 1;
  }
  return result;
}

/** Labels of the part of a line before its value; undefined when it is not in the format. */
export function readSeriesName(series: string): Labels | undefined {
  const brace = series.indexOf('{');
  const name = (brace < 0 ? series : series.slice(0, brace)).trim();
  if (!/^[a-zA-Z_:][\w:]*$/.test(name)) return undefined;
  const pairs: LabelPair[] = [[METRIC_NAME, name]];
  if (brace >= 0) {
    const inner = series.slice(brace + 1, series.lastIndexOf('}'));
    for (const [, label = '', value = ''] of inner.matchAll(LABEL)) pairs.push([label, unescaped(value)]);
  }
  return Labels.of(pairs);
}

const LABEL = /([a-zA-Z_]\w*)\s*=\s*"((?:\\.|[^"\\])*)"/g;

function unescaped(value: string): string {
  return value.includes('\\') ? value.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c)) : value;
}

/** `name{labels} value` and perhaps a time, which is not used. */
function readSample(line: string, samples: Exposition['samples']): void {
  const brace = line.lastIndexOf('}');
  const space = line.indexOf(' ', brace < 0 ? 0 : brace);
  if (space < 0) return;
  const [written = ''] = line
    .slice(space + 1)
    .trim()
    .split(/\s+/);
  const value = Number(written);
  const number = Number.isNaN(value) ? parseNumber(written) : value;
  if (written !== '' && number !== undefined) samples.push([line.slice(0, space), number]);
}

function readComment(line: string, { types, helps }: Exposition): void {
  const [, kind, name = '', rest = ''] = /^#\s+(TYPE|HELP)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
  if (kind === 'TYPE') types.set(name, rest);
  if (kind === 'HELP') helps.set(name, rest);
}
