// The section of docs/fidelidad.md about the labs on a real cluster, from what test/real recorded.
import { agreementLines, cellOf, skippedRows, stampLines } from '../real/support/matrix.ts';
import { placeNames, readChaos, readFigures, readPlace } from '../real/support/recordings.ts';

export function realSection(): string[] {
  const recorded = placeNames.map((name) => ({ name, recording: readPlace(name) }));
  const known = recorded.flatMap(({ name, recording }) => (recording ? [{ name, recording }] : []));
  if (known.length < 2) return [];
  const labs = [...new Set(known.flatMap(({ recording }) => recording.rows.map(({ lab }) => lab)))].toSorted();
  return [
    '## En un clúster real',
    '',
    'Cada laboratorio, con sus propias soluciones (dos veces), sus errores típicos y su limpieza: lo prueba `npm run test:real`, que escribe lo que encuentra en `test/real/recordings`. *kind* y *kubeadm* son el mismo clúster, unido de las dos maneras: adoptado con `malla kind crear --adoptar`, y con `malla kubeadm unir`. Cada estado se juzga por las dos, una detrás de otra; las órdenes van la primera vez por una y la segunda por la otra. Los errores se deshacen objeto por objeto. Cada casilla dice cuántas soluciones, cuántos errores (con la causa que declara el laboratorio) y cuántas limpiezas han dado lo que deben, de los que se han probado; una raya, que ese laboratorio todavía no se ha probado ahí. Las grabaciones se hicieron en una máquina de dos núcleos que también hacía otras cosas; lo que se ha corregido después sale con su fallo hasta que se graba otra vez.',
    '',
    ...known.flatMap(({ name }) => stampLines(name).map((line) => `- **${name}**, ${line}.`)),
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
  const { changes, creation } = readFigures();
  const on = ({ date, load }: { date: string; load: number }): string =>
    `el ${dayOf(date)}, con dos núcleos y una carga de ${decimal(load)}`;
  const lines = [
    ...(changes
      ? [
          `- Un VirtualService cambiado se obedece en ${changes.obeyed.p50} ms (mediana de ${changes.obeyed.times}; p95 ${changes.obeyed.p95} ms, el que más ${changes.obeyed.most} ms); ${on(changes)}.`,
          `- Un 90/10 correcto se juzga en ${changes.split.p50} ms (mediana de ${changes.split.times}; p95 ${changes.split.p95} ms, el que más ${changes.split.most} ms), con ${changes.split.requests} peticiones de media; ${on(changes)}.`,
        ]
      : []),
    ...(creation
      ? [
          `- Un clúster de un nodo: ${decimal(creation.plain)} s con kind solo, hasta que está listo, y ${decimal(creation.malla)} s con \`malla kind crear\`. Lo que hace Malla antes y después de kind son ${decimal(creation.added)} s; ${on(creation)}.`,
        ]
      : []),
  ];
  return lines.length === 0 ? [] : ['### Tiempos', '', ...lines, ''];
}

const decimal = (value: number): string => String(value).replace('.', ',');

const dayOf = (date: string): string => date.slice(0, 10);
