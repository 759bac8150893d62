// `node scripts/histories.ts [--historias 1000] [--operaciones 2000]`: plays seeded histories of the API over its store and
// says what was wrong in any, and which planted bugs were found out, with figures. A history is repeated with --semilla N.
import { parseArgs } from 'node:util';
import { judge } from '../test/histories/judge.ts';
import { plantedBugs } from '../test/histories/planted-bugs.ts';
import { createRandom, play } from '../test/histories/play.ts';

const { values } = parseArgs({
  options: {
    historias: { type: 'string', default: '1000' },
    operaciones: { type: 'string', default: '2000' },
    semilla: { type: 'string' },
  },
});
const operations = Number(values.operaciones);
const first = Number(values.semilla ?? 1);
const count = values.semilla === undefined ? Number(values.historias) : 1;
const figures = {
  histories: 0,
  operations: 0,
  writes: 0,
  events: 0,
  resumed: 0,
  conflicts: 0,
  unanswered: 0,
  broken: 0,
};
const began = performance.now();
for (let seed = first; seed < first + count; seed++) {
  const history = await play({ seed, operations, crashes: 4 });
  const faults = judge(history);
  figures.histories += 1;
  figures.operations += history.operations.length;
  figures.writes += history.writes.length;
  figures.events += history.watches.reduce((sum, { events }) => sum + events.length, 0);
  figures.resumed += history.watches.filter(({ resumes }) => resumes).length;
  figures.conflicts += history.operations.filter(({ status }) => status === 409).length;
  figures.unanswered += history.operations.filter(({ answered }) => answered === undefined).length;
  if (faults.length > 0) {
    figures.broken += 1;
    console.error(`Semilla ${seed}:\n  ${faults.slice(0, 10).join('\n  ')}`);
  }
  if (seed % 50 === 0) console.error(`${seed}: ${Math.round((performance.now() - began) / 1000)} s`);
}
const planted: Record<string, number | 'no'> = {};
if (values.semilla === undefined) {
  for (const [name, { found, bug }] of Object.entries(plantedBugs)) {
    planted[name] = 'no';
    for (let seed = 1; seed <= 50 && planted[name] === 'no'; seed++) {
      const faults = judge(await play({ seed, operations: 400, crashes: 2, bug: bug(createRandom(seed)) }));
      if (faults.some((fault) => fault.includes(found))) planted[name] = seed;
    }
  }
}
console.log(
  JSON.stringify(
    { ...figures, seconds: Math.round((performance.now() - began) / 1000), foundInHistory: planted },
    undefined,
    2,
  ),
);
process.exitCode = figures.broken > 0 || Object.values(planted).includes('no') ? 1 : 0;
