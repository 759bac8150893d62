// The course as it was read the last time, so that a window does not read all its texts again. Only of a package, whose files
// do not change: who writes labs has them read anew each time.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packedCourse } from '../../labs/course-files.ts';
import type { Lab } from '../../labs/lab.ts';
import type { Place } from '../../labs/place/place.ts';
import type { Problem } from '../../labs/problem.ts';

export interface CourseSource {
  /** The extension's folder. */
  root: string;
  /** What the parameters of labs are drawn from. */
  seed: string;
  /** The namespace that the labs are done in, for who has only that. */
  place: Place | undefined;
}

export interface ReadCourse {
  labs: Lab[];
  problems: Problem[];
}

/** What a package's course is read from and by. */
const files = [packedCourse, ['dist', 'course.cjs']];

/** What a course that is read from `source` is kept as; undefined where there is no package. */
export async function keyOf(source: CourseSource): Promise<string | undefined> {
  try {
    const found = await Promise.all(files.map((parts) => stat(join(source.root, ...parts))));
    const facts = [source, found.map(({ size, mtimeMs }) => [size, mtimeMs])];
    return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
  } catch {
    return undefined;
  }
}

/** Undefined when `path` keeps no course of that key, or cannot be read. */
export async function readKept(path: string, key: string): Promise<ReadCourse | undefined> {
  try {
    const { key: of, labs, problems } = JSON.parse(await readFile(path, 'utf8')) as ReadCourse & { key: string };
    return of === key && Array.isArray(labs) && Array.isArray(problems) ? { labs, problems } : undefined;
  } catch {
    return undefined;
  }
}

/** In one go: two windows may do it at once. */
export async function keep(path: string, key: string, course: ReadCourse): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}`;
  await writeFile(aside, JSON.stringify({ key, ...course }));
  await rename(aside, path);
}
