// Writes a class with known true grades. Arguments: one of JSON, see write-class.ts. It lives in a world, so it is a process
// of its own: scripts/class-of-300.ts and the tests start it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { createCourseKey } from '../handin/keys.ts';
import { loadCourseFor } from '../replay/course-for.ts';
import { startingStates } from '../replay/starting-state.ts';
import { enterWorld } from '../replay/world/world.ts';
import { writeClass } from './write-class.ts';

const options = z
  .strictObject({
    labs: z.string(),
    samples: z.string(),
    states: z.string(),
    program: z.string(),
    folder: z.string(),
    lab: z.string(),
    students: z.int().min(1).max(2_000),
    behaviours: z.int().optional(),
    hostile: z.int().optional(),
    ownEvery: z.int().optional(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

const { labs, samples, states: statesFolder, program, folder, behaviours, hostile, ownEvery, ...wanted } = options;
const submissions = join(folder, 'entregas');
mkdirSync(submissions, { recursive: true });
mkdirSync(statesFolder, { recursive: true });
const scratch = mkdtempSync(join(folder, 'tmp-'));
const key = createCourseKey('Una clase inventada');
const course = await loadCourseFor(labs, samples);
const world = enterWorld(scratch);
const truth = await writeClass({
  ...wanted,
  ...(behaviours === undefined ? {} : { behaviours }),
  ...(hostile === undefined ? {} : { hostile }),
  ...(ownEvery === undefined ? {} : { ownEvery }),
  folder: submissions,
  key,
  course,
  world,
  states: startingStates(statesFolder, program, world),
  scratch,
});
writeFileSync(join(folder, 'verdad.json'), `${JSON.stringify(truth, undefined, 2)}\n`);
writeFileSync(join(folder, 'clave-curso.json'), `${JSON.stringify(key, undefined, 2)}\n`);
rmSync(scratch, { recursive: true, force: true });
process.exit(0);
