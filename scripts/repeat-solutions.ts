// Solves every step of the course again and again, each time from the state where its lab begins, and counts verdicts that
// are not correcto. `node scripts/repeat-solutions.ts [--veces 1000] [LAB…]`; writes test/verdicts/solutions.json.
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { parseArgs } from 'node:util';
import { loadCourse } from '../src/cli/course.ts';
import type { Host } from '../src/cli/host.ts';
import { createStartingPoints } from '../src/cli/trial/starting-points.ts';
import { type Trial, tryLab } from '../src/cli/trial/try-lab.ts';

const { values, positionals } = parseArgs({
  options: { veces: { type: 'string', default: '1000' } },
  allowPositionals: true,
});
const root = join(import.meta.dirname, '..');
const wanted = Number(values.veces);
const host: Host = {
  stdin: new PassThrough(),
  stdout: process.stdout,
  stderr: new PassThrough().resume(),
  env: process.env,
  cwd: tmpdir(),
  nodePath: process.execPath,
  root,
  signal: new AbortController().signal,
  holdInterrupts() {},
};
const course = await loadCourse(host);
const labs = course.filter((l) => !l.chapter && (positionals.length === 0 || positionals.includes(l.id)));
const starting = createStartingPoints(course, host);
const refused: Pick<Trial, 'lab' | 'step' | 'problem'>[] = [];
let solved = 0;
let rounds = 0;
try {
  while (solved < wanted) {
    rounds++;
    for (const lab of labs) {
      for await (const { what, step = '', passed, problem } of tryLab(withoutMistakes(lab), starting)) {
        if (what !== 'solucion' && what !== 'otra-vez') continue;
        solved++;
        if (!passed) refused.push({ lab: lab.id, step, problem });
      }
    }
    console.error(`${solved} soluciones, ${refused.length} rechazadas (vuelta ${rounds})`);
  }
} finally {
  await starting.remove();
}
const result = { solutions: solved, rounds, labs: labs.length, refused };
await mkdir(join(root, 'test/verdicts'), { recursive: true });
await writeFile(join(root, 'test/verdicts/solutions.json'), `${JSON.stringify(result, undefined, 2)}\n`);
console.log(JSON.stringify(result));
process.exit(refused.length === 0 ? 0 : 1);

function withoutMistakes<L extends (typeof labs)[number]>(lab: L): L {
  return { ...lab, steps: lab.steps.map((step) => ({ ...step, mistakes: [] })) };
}
