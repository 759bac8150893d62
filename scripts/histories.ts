// `node scripts/histories.ts [--historias 1000] [--desde 1] [--operaciones 2000]`: plays seeded histories of the API over its
// store, says what was wrong in any and which planted bugs were found out, and keeps the figures in test/histories/results.json
// and docs/historias.md. One history alone is played again, and not kept, with --semilla N.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judge } from '../test/histories/judge.ts';
import { historiesPage } from '../test/histories/page.ts';
import { plantedBugs } from '../test/histories/planted-bugs.ts';
import { createRandom, play } from '../test/histories/play.ts';
import { NONE, RESULTS, readResults, withPiece } from '../test/histories/results.ts';

const { values } = parseArgs({
  options: {
    historias: { type: 'string', default: '1000' },
    desde: { type: 'string', default: '1' },
    operaciones: { type: 'string', default: '2000' },
    semilla: { type: 'string' },
    'solo-plantados': { type: 'boolean', default: false },
  },
});
const alone = values.semilla !== undefined;
const asked = Number(values.operaciones);
const from = Number(values.semilla ?? values.desde);
const count = alone ? 1 : values['solo-plantados'] ? 0 : Number(values.historias);
const figures = { ...NONE };
const began = performance.now();
for (let seed = from; seed < from + count; seed++) {
  const history = await play({ seed, operations: asked, crashes: 4 });
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
figures.seconds = Math.round((performance.now() - began) / 1000);
let results = readResults();
if (count > 0 && !alone)
  results = withPiece(results, { from, to: from + count - 1, asked, date: new Date().toISOString(), ...figures });
// A thousand at once, or the first piece of them: the bugs need no more than once.
if (!alone && (from === 1 || values['solo-plantados'])) results = { ...results, planted: await playPlanted() };
if (!alone) {
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(join(import.meta.dirname, '../docs/historias.md'), historiesPage(results));
}
console.log(JSON.stringify({ ...figures, planted: results.planted }, undefined, 2));
process.exitCode = figures.broken > 0 || Object.values(results.planted).includes('no') ? 1 : 0;

async function playPlanted(): Promise<Record<string, number | 'no'>> {
  const planted: Record<string, number | 'no'> = {};
  for (const [name, { found, bug, crashes = 2 }] of Object.entries(plantedBugs)) {
    planted[name] = 'no';
    for (let seed = 1; seed <= 50 && planted[name] === 'no'; seed++) {
      const faults = judge(await play({ seed, operations: 400, crashes, bug: bug(createRandom(seed)) }));
      if (faults.some((fault) => fault.includes(found))) planted[name] = seed;
    }
  }
  return planted;
}
