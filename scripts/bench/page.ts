// docs/medidas.md, written from the last report of each part of the bench.
import type { Measure } from './measure.ts';

/** What one part measured, and when and where. */
export interface Report {
  date: string;
  machine: { cpu: string; cores: number; memoryGiB: number; node: string };
  /** Of the machine in the minute before, as os.loadavg() tells it: who else was at work. */
  load: number;
  measures: Measure[];
}

/** `reports` by the name of the part, in the page's order. */
export function measuresPage(reports: Readonly<Record<string, Report>>): string {
  return [
    '# Medidas',
    '',
    'Esta página la escribe `npm run bench`: no la edites. Cada cifra está junto a una referencia tomada en la misma pasada.',
    '`npm run bench -- PARTE` mide otra vez solo esa parte, y deja las demás como estaban.',
    ...Object.entries(reports).flatMap(([part, report]) => [
      '',
      `## ${part}`,
      '',
      whenAndWhere(report),
      '',
      '| Qué | Medida | Referencia de la misma pasada | Objetivo | ¿Alcanzado? |',
      '|---|---|---|---|---|',
      ...report.measures.map(row),
    ]),
    '',
  ].join('\n');
}

function whenAndWhere({ date, machine, load }: Report): string {
  const { cores, cpu, memoryGiB, node } = machine;
  return `Medido el ${date.slice(0, 10)} con ${cores} núcleos (${cpu}), ${memoryGiB} GiB y Node ${node}; carga al empezar: ${spanish(load)}.`;
}

function row({ name, value, unit, reference, goal }: Measure): string {
  const beside = reference ? `${reference.name}: ${spanish(reference.value)} ${reference.unit}` : '';
  return `| ${name} | ${spanish(value)} ${unit} | ${beside} | ${goal?.words ?? ''} | ${goal ? (goal.reached ? 'sí' : 'no') : ''} |`;
}

function spanish(value: number): string {
  return new Intl.NumberFormat('es-ES', { maximumFractionDigits: 3 }).format(value);
}
