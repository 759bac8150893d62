// Measures how far the verdicts on traffic can be trusted, prints it and writes it into docs/veredictos.md.
//   node scripts/verdict-figures.ts [RUNS] [BLOCK…]
import { quantile } from '../src/traffic/latency.ts';
import { createLatencyTest } from '../src/traffic/latency-test.ts';
import { sendRequests } from '../src/traffic/load.ts';
import { sendAtRate } from '../src/traffic/open-loop.ts';
import { seeded, splits } from '../src/traffic/simulate.fixture.ts';
import {
  meanOfSprt,
  recogniseChange,
  recogniseSteady,
  tally,
  worstAccepted,
} from '../src/traffic/verdict-figures.fixture.ts';
import { startFreezingServer } from '../test/integration/support/freezing-server.ts';
import { decimal, percent, table, writeFigures } from './figures-page.ts';

const runs = Number(process.argv[2] ?? 10_000);

const chosen = process.argv.slice(3);
const blocks: Record<string, () => string[] | Promise<string[]>> = {
  reparto: splitFigures,
  dependencia: dependenceFigures,
  latencia: latencyFigures,
  parada: stopFigures,
};

for (const [block, measure] of Object.entries(blocks)) {
  if (chosen.length > 0 && !chosen.includes(block)) continue;
  const lines = await measure();
  process.stdout.write(`${lines.join('\n')}\n\n`);
  writeFigures(block, lines);
}

function splitFigures(): string[] {
  const rows = Object.entries(splits).map(([name, split]) => {
    const own = tally(split, split, runs);
    const wrong = worstAccepted(split, runs);
    const yardstick = meanOfSprt(split);
    return [
      name,
      percent(own.incorrecto / runs),
      percent(wrong),
      percent(own.dependiente / runs),
      decimal(own.mean, 0),
      decimal(yardstick, 0),
      decimal(own.mean / yardstick),
    ];
  });
  const heads = [
    'reparto',
    'correcto rechazado',
    'vecino aceptado',
    'falsa alarma',
    'respuestas (media)',
    'SPRT exacto',
    'razón',
  ];
  return [
    `${runs.toLocaleString('es')} corridas de cada reparto verdadero y otras tantas de cada uno de sus vecinos, con semilla.`,
    'Los vecinos que solo se diferencian en qué versión es cuál se cuentan juntos, que es de lo que habla la cota.',
    '',
    ...table(heads, rows),
  ];
}

function dependenceFigures(): string[] {
  const names = {
    sessions: 'sesiones pegadas a una versión',
    hashed: 'usuarios repartidos por un hash',
    retried: 'la mitad de las respuestas repite la anterior',
  };
  const rows = Object.entries(names).map(([kind, title]) => {
    let [streams, recognised] = [0, 0];
    for (const [name, split] of Object.entries(splits)) {
      if (name === '100/0') continue;
      const seen = recogniseSteady(kind, split, runs / 5);
      streams += seen.streams;
      recognised += seen.recognised;
    }
    return [title, String(streams), percent(recognised / streams)];
  });
  const change = recogniseChange(runs / 50);
  rows.push([
    'dos configuraciones, una tras otra',
    String(change.streams),
    percent(change.recognised / change.streams),
  ]);
  return table(['respuestas', 'series', 'reconocidas'], rows);
}

function latencyFigures(): string[] {
  const median = Math.log(2) * 100;
  const cases: [string, number, number][] = [
    ['en el máximo justo', 0, median],
    ['un 0,1 % por encima del máximo', 0, median / 1.001],
    ['un 0,1 % por debajo del mínimo', median * 1.001, 1e6],
    ['en medio de un intervalo de la mitad al doble', median / 2, median * 2],
    ['el doble del máximo', 0, median / 2],
  ];
  const rows = cases.map(([title, minimum, maximum]) => {
    const counts = { seguir: 0, correcto: 0, incorrecto: 0 };
    let samples = 0;
    for (let seed = 1; seed <= runs; seed++) {
      const random = seeded(seed);
      const test = createLatencyTest({ quantile: 0.5, minimum, maximum, errorProbability: 1e-3 });
      while (test.decision === 'seguir' && test.samples < 300) test.observe(-Math.log(1 - random()) * 100);
      counts[test.decision]++;
      samples += test.samples;
    }
    return [
      title,
      percent(counts.correcto / runs),
      percent(counts.incorrecto / runs),
      percent(counts.seguir / runs),
      decimal(samples / runs, 0),
    ];
  });
  return table(['la mediana verdadera está', 'correcto', 'incorrecto', 'sin decidir', 'respuestas (media)'], rows);
}

/** The same stop of 1.4 s seen by users who do not wait for each other, and by one who does. */
async function stopFigures(): Promise<string[]> {
  const [rate, seconds] = [1000, 33];
  const open: number[] = [];
  const closed: number[] = [];
  const server = await startFreezingServer();
  setTimeout(() => server.freeze(1400), 3000);
  for await (const { milliseconds } of sendAtRate({ url: server.url, rate, limit: rate * seconds }))
    open.push(milliseconds);
  const until = performance.now() + seconds * 1000;
  setTimeout(() => server.freeze(1400), 3000);
  for await (const { milliseconds } of sendRequests({ url: server.url, concurrency: 1, limit: rate * seconds })) {
    closed.push(milliseconds);
    if (performance.now() > until) break;
  }
  await server.stop();
  const row = (title: string, sample: number[]) => [
    title,
    ...[0.5, 0.99, 0.999].map((q) => `${decimal(quantile(sample, q), q === 0.5 ? 1 : 0)} ms`),
  ];
  return table(
    ['parada de 1,4 s', 'p50', 'p99', 'p99,9'],
    [row('a ritmo constante, 1.000 peticiones por segundo', open), row('esperando cada respuesta', closed)],
  );
}
