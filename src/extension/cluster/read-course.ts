// The labs of the extension's folder, as they were kept or read from their texts: half a second of work on an old laptop, done
// by a thread of its own.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type CourseSource, keyOf, type ReadCourse, readKept } from './kept-course.ts';

export interface CourseOrder {
  source: CourseSource;
  /** Where the thread keeps what it has read. */
  keptAs?: { path: string; key: string };
}

/** `path` keeps the course from one time to the next. Rejects when the thread breaks. */
export async function readCourse(path: string, source: CourseSource): Promise<ReadCourse> {
  const key = await keyOf(source);
  const kept = key === undefined ? undefined : await readKept(path, key);
  return kept ?? readAnew({ source, ...(key === undefined ? {} : { keptAs: { path, key } }) });
}

/** The thread answers with text, which takes the editor's own less time to read than objects. */
function readAnew(order: CourseOrder): Promise<ReadCourse> {
  return new Promise((resolve, reject) => {
    new Worker(join(order.source.root, 'dist', 'course.cjs'), { workerData: order })
      .once('message', (text: string) => resolve(JSON.parse(text) as ReadCourse))
      .once('error', reject)
      .once('exit', (code) => reject(new Error(`The thread that reads the course ended with ${code}.`)));
  });
}
