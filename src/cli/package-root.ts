// Where the package is: labs/, samples/ and dist/ are found from there, bundled or not.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder upwards that has both package.json and labs/. Throws when there is none: a broken installation. */
export function findPackageRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'labs'))) return folder;
    if (folder === dirname(folder)) throw new Error(`No package.json with labs/ above ${from}.`);
  }
}
