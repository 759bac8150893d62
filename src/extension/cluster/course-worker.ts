// Reads the course beside the editor's thread. A bundle of its own, dist/course.cjs; read-course.ts begins it.
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { loadLabs } from '../../labs/load.ts';
import { orderLabs } from '../../labs/order.ts';
import { labsIn } from '../../labs/place/fits.ts';
import { type CourseSource, keep, type ReadCourse } from './kept-course.ts';
import type { CourseOrder } from './read-course.ts';

/** A malformed lab is left out and told; one that does not fit in the place is left out. */
async function read({ root, seed, place }: CourseSource): Promise<ReadCourse> {
  const { labs: written, problems } = await loadLabs(join(root, 'labs'), join(root, 'samples'), { seed, place });
  const labs = place ? labsIn(place, written).filter((lab) => lab.notHere === undefined) : written;
  return { labs: orderLabs(labs), problems };
}

// A rejection ends the thread, and who began it hears why.
void (async ({ source, keptAs }: CourseOrder) => {
  const course = await read(source);
  parentPort?.postMessage(JSON.stringify(course));
  // A course that cannot be kept only costs time.
  if (keptAs) await keep(keptAs.path, keptAs.key, course).catch(() => {});
})(workerData as CourseOrder);
