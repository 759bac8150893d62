// The matrix lab × place, as text for a terminal and as a table for docs/fidelidad.md.
import { agreementOf } from './agreement.ts';
import { type PlaceName, type PlaceRecording, placeNames, type Row, readPlace } from './recordings.ts';

/** A row for each lab, and below what agrees and what was not tried. */
export function printedMatrix(labs: readonly string[]): string {
  const cells = [
    ['', ...placeNames],
    ...labs.map((lab) => [lab, ...placeNames.map((name) => cellOf(readPlace(name), lab))]),
  ];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...cells.map((row) => (row[i] ?? '').length)));
  const lines = cells.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '));
  return [
    '',
    'Soluciones y errores que dan lo que deben, de los que se han probado:',
    ...lines,
    '',
    ...placeNames.flatMap((name) => stampLines(name).map((line) => `${name}: ${line}`)),
    '',
    ...agreementLines(),
    '',
    ...skippedLines(),
  ].join('\n');
}

export function agreementLines(): string[] {
  const embedded = readPlace('embebido');
  return (['kind', 'kubeadm'] as const).flatMap((name) => {
    const real = readPlace(name);
    if (!embedded || !real) return [];
    const { verdicts, agreeing, causes, sameCause, differences } = agreementOf(embedded, real);
    return [
      `embebido y ${name}: ${agreeing} de ${verdicts} veredictos iguales (${percent(agreeing, verdicts)}); ${sameCause} de ${causes} causas iguales (${percent(sameCause, causes)})`,
      ...differences.map((line) => `  ${line}`),
    ];
  });
}

export function cellOf(recording: PlaceRecording | undefined, lab: string): string {
  const own = recording?.rows.filter((row) => row.lab === lab) ?? [];
  if (own.length === 0) return '–';
  const tried = (what: Row['what'][]): string => {
    const rows = own.filter((row) => what.includes(row.what) && !row.skipped);
    return rows.length === 0 ? '–' : `${rows.filter((row) => row.passed).length}/${rows.length}`;
  };
  return `${tried(['solucion', 'otra-vez'])} ${tried(['error'])} ${tried(['limpieza'])}`;
}

/** When and on what the labs of a place were tried, each with the commit: a line for each day and set of versions. */
export function stampLines(name: PlaceName): string[] {
  const groups = new Map<string, string[]>();
  for (const [lab, { date, commit, versions }] of Object.entries(readPlace(name)?.labs ?? {})) {
    const told = Object.entries(versions).map(([part, version]) => `${part} ${version}`);
    const key = [date.slice(0, 10), ...told].join(', ');
    groups.set(key, [...(groups.get(key) ?? []), `${lab} (${commit})`]);
  }
  return [...groups].map(([key, labs]) => `${key}: ${labs.toSorted().join(', ')}`);
}

/** What was not tried, by why, with the labs and steps. */
export function skippedRows(name: PlaceName): Map<string, string[]> {
  const why = new Map<string, string[]>();
  for (const { lab, step = '', what, skipped } of readPlace(name)?.rows ?? []) {
    if (skipped && what === 'solucion') why.set(skipped, [...(why.get(skipped) ?? []), `${lab}/${step}`]);
  }
  return why;
}

function skippedLines(): string[] {
  return (['kind', 'kubeadm'] as const).flatMap((name) =>
    [...skippedRows(name)].map(([why, steps]) => `${name}: sin probar, ${why}: ${steps.join(', ')}`),
  );
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1).replace('.', ',')} %`;
}
