// The section of docs/fidelidad.md about the labs on a real cluster, from what test/real recorded.
import { agreementLines, cellOf, skippedRows } from '../real/support/matrix.ts';
import { placeNames, readChaos, readFigures, readPlace } from '../real/support/recordings.ts';

export function realSection(): string[] {
  const recorded = placeNames.map((name) => ({ name, recording: readPlace(name) }));
  const known = recorded.flatMap(({ name, recording }) => (recording ? [{ name, recording }] : []));
  if (known.length < 2) return [];
  const labs = [...new Set(known.flatMap(({ recording }) => recording.rows.map(({ lab }) => lab)))].toSorted();
  return [
    '## En un clúster real',
    '',
    'Cada laboratorio, con sus propias soluciones (dos veces), sus errores típicos y su limpieza: lo prueba `npm run test:real`, que escribe lo que encuentra en `test/real/recordings`. En la columna *kind*, el clúster como lo conoce Malla por kind; en *kubeadm*, unido solo por su kubeconfig. Los errores se deshacen objeto por objeto. Cada casilla dice cuántas soluciones, cuántos errores (con la causa que declara el laboratorio) y cuántas limpiezas han dado lo que deben, de los que se han probado; una raya, que ese laboratorio todavía no se ha probado ahí. Las grabaciones se hicieron en una máquina de dos núcleos con una carga de entre 20 y 190; lo que se ha corregido después sale con su fallo hasta que se graba otra vez.',
    '',
    ...known.map(({ name, recording }) => `- **${name}**, ${dayOf(recording.date)}: ${versions(recording.versions)}.`),
    '',
    `| Laboratorio | ${known.map(({ name }) => name).join(' | ')} |`,
    `|---|${known.map(() => '---|').join('')}`,
    ...labs.map((lab) => `| ${lab} | ${known.map(({ recording }) => cellOf(recording, lab)).join(' | ')} |`),
    '',
    ...agreementLines().map((line) => (line.startsWith(' ') ? `  - ${line.trim()}` : `- ${line}.`)),
    '',
    ...known.flatMap(({ name }) =>
      [...skippedRows(name)].map(
        ([why, steps]) => `- En ${name} no se ha probado, porque ${why}: ${steps.join(', ')}.`,
      ),
    ),
    '',
    ...chaosLines(),
    ...figureLines(),
  ];
}

function chaosLines(): string[] {
  const runs = placeNames.flatMap((name) => {
    const recording = readChaos(name);
    return recording ? [{ name, ...recording }] : [];
  });
  if (runs.length === 0) return [];
  return [
    '### Mientras mueren pods',
    '',
    'Con pods de la aplicación, de istiod y del gateway de entrada borrados al azar mientras se juzga, un veredicto vale si es el que toca, con su causa, o *no verificable*.',
    '',
    ...runs.map(({ name, date, seed, runs: all }) => {
      const verdicts = all.flatMap((run) => run.verdicts);
      const none = verdicts.filter((v) => v.state === 'no verificable').length;
      const killed = all.reduce((sum, run) => sum + run.killed, 0);
      const wrong = all.filter((run) => !run.fair).length;
      return `- **${name}**, ${dayOf(date)}: ${all.length} veces (semilla ${seed}), ${killed} pods muertos, ${verdicts.length} veredictos, ${none} no verificables, ${wrong} ${wrong === 1 ? 'vez' : 'veces'} con un veredicto equivocado.`;
    }),
    '',
  ];
}

function figureLines(): string[] {
  const figures = readFigures();
  if (!figures) return [];
  const { date, load, obeyed, split } = figures;
  return [
    '### Tiempos',
    '',
    `Medidos el ${dayOf(date)} en una máquina de dos núcleos con una carga de ${decimal(load)}.`,
    '',
    `- Un VirtualService cambiado se obedece en ${obeyed.p50} ms (mediana de ${obeyed.times}; p95 ${obeyed.p95} ms, el que más ${obeyed.most} ms).`,
    `- Un 90/10 correcto se juzga en ${split.p50} ms (mediana de ${split.times}; p95 ${split.p95} ms, el que más ${split.most} ms), con ${split.requests} peticiones de media.`,
    '',
  ];
}

const decimal = (value: number): string => String(value).replace('.', ',');

const dayOf = (date: string): string => date.slice(0, 10);

function versions(of: Record<string, string>): string {
  return Object.entries(of)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
