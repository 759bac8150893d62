// The process that replays hand-ins: one at a time, each on a cluster of its own. It hears of them by lines of JSON on its
// input, and answers with one line each. See worker-protocol.ts.
import { closeSync, fstatSync, mkdirSync, mkdtempSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { limits } from '../handin/limits.ts';
import { Refused } from '../handin/problems.ts';
import { readHandIn } from '../handin/read-hand-in.ts';
import { loadCourseFor } from './course-for.ts';
import { createReplayer } from './replay-hand-in.ts';
import { startingStates } from './starting-state.ts';
import { type Answer, jobSchema, setUpSchema } from './worker-protocol.ts';
import { enterWorld } from './world/world.ts';

const setUp = setUpSchema.parse(JSON.parse(process.argv[2] ?? ''));
const answer = (value: Answer): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const course = await loadCourseFor(setUp.labs, setUp.samples);
mkdirSync(setUp.states, { recursive: true });
const own = mkdtempSync(join(setUp.scratch, 'proceso-'));
const input = createInterface({ input: process.stdin });
const world = enterWorld(own);
const states = startingStates(setUp.states, setUp.program, world);
const replay = createReplayer({ course, world, states, malla: setUp.malla, scratch: own, remember: setUp.remember });

answer({ is: 'ready' });
for await (const line of input) {
  const job = jobSchema.parse(JSON.parse(line));
  if (job.do === 'prepare') {
    const failure = await states.make(course.before(job.lab)).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    answer({ is: 'prepared', lab: job.lab, ...(failure === undefined ? {} : { failure }) });
    continue;
  }
  const bytes = readBounded(job.path);
  const missing = job.anyway ? [] : labsWithoutState(bytes);
  if (missing.length > 0) {
    answer({ is: 'needs', labs: missing });
    continue;
  }
  const graded = await replay({ name: job.name, bytes, key: setUp.key, now: setUp.now });
  answer({ is: 'replayed', graded });
}
process.exit(0);

/** One byte more than a hand-in may have says that it has too many. */
function readBounded(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const size = Math.min(fstatSync(file).size, limits.file + 1);
    const bytes = Buffer.alloc(size);
    let read = 0;
    while (read < size) {
      const more = readSync(file, bytes, read, size - read, read);
      if (more === 0) break;
      read += more;
    }
    return bytes.subarray(0, read);
  } finally {
    closeSync(file);
  }
}

/** None when it cannot be read: that is told by its replay. */
function labsWithoutState(bytes: Buffer): string[] {
  try {
    const { handIn } = readHandIn(bytes, { now: setUp.now });
    return handIn.labs
      .map((l) => l.lab)
      .filter((id) => course.labs.some((l) => l.id === id && !l.chapter) && !states.has(course.before(id)));
  } catch (error) {
    if (error instanceof Refused) return [];
    throw error;
  }
}
