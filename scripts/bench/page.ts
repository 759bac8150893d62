// docs/medidas.md, written from a bench report.
import type { Measure } from './measure.ts';

export interface Report {
  date: string;
  machine: Record<string, unknown>;
  measures: Measure[];
}

export function measuresPage({ date, machine, measures }: Report): string {
  const rows = measures.map(({ name, value, unit, reference, goal }) => {
    const beside = reference ? `${reference.name}: ${spanish(reference.value)} ${reference.unit}` : '';
    return `| ${name} | ${spanish(value)} ${unit} | ${beside} | ${goal?.words ?? ''} | ${goal ? (goal.reached ? 'sí' : 'no') : ''} |`;
  });
  return [
    '# Medidas',
    '',
    'Esta página la escribe `npm run bench`: no la edites. Cada cifra está junto a una referencia tomada en la misma pasada.',
    '',
    `Tomadas el ${date.slice(0, 10)}: ${machine.cores} núcleos (${machine.cpu}), ${machine.memoryGiB} GiB, Node ${machine.node}.`,
    '',
    '| Qué | Medida | Referencia de la misma pasada | Objetivo | ¿Alcanzado? |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function spanish(value: number): string {
  return new Intl.NumberFormat('es-ES', { maximumFractionDigits: 3 }).format(value);
}
