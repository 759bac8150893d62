// Where the package is: labs/, samples/ and dist/ are found from there, bundled or not.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packedCourse } from '../labs/course-files.ts';

/** The nearest folder upwards that has both package.json and the course, in labs/ or packed. Throws when there is none: a broken installation. */
export function findPackageRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const course = [join(folder, 'labs'), join(folder, ...packedCourse)].some((path) => existsSync(path));
    if (course && existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) throw new Error(`No package.json with a course above ${from}.`);
  }
}
