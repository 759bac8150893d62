// What the package is made of, as CycloneDX 1.6: each package of npm in the bundles, with its licence and its hash from
// package-lock.json. No times and no machine, so that the same source gives the same bytes.
import type { BundledPackage } from './bundled-packages.ts';

export interface LockFile {
  packages: Record<string, { version?: string; integrity?: string; dependencies?: Record<string, string> }>;
}

export interface Subject {
  name: string;
  version: string;
  license: string;
}

/** Throws for a package whose version is not that of the lock file: node_modules is of another day. */
export function billOfMaterials(subject: Subject, packages: readonly BundledPackage[], lock: LockFile): object {
  const root = `pkg:generic/${subject.name}@${subject.version}`;
  for (const { place, name, version } of packages) {
    const locked = lock.packages[place]?.version;
    if (locked !== version)
      throw new Error(`${name} is ${version} in node_modules and ${locked ?? 'nowhere'} in package-lock.json.`);
  }
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': root,
        name: subject.name,
        version: subject.version,
        licenses: [licence(subject.license)],
      },
    },
    components: packages.map((each) => component(each, lock)),
    dependencies: [
      { ref: root, dependsOn: packages.filter(({ place }) => isTop(place)).map(reference) },
      ...packages.map((each) => ({ ref: reference(each), dependsOn: dependsOn(each, packages, lock) })),
    ],
  };
}

/** https://github.com/package-url/purl-spec: the scope's @ is encoded. */
function reference({ name, version }: BundledPackage): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function component(each: BundledPackage, lock: LockFile): object {
  const { integrity } = lock.packages[each.place] ?? {};
  const [, sha512] = /^sha512-(.+)$/.exec(integrity ?? '') ?? [];
  return {
    type: 'library',
    'bom-ref': reference(each),
    name: each.name,
    version: each.version,
    licenses: [licence(each.license)],
    purl: reference(each),
    ...(sha512 ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }] } : {}),
  };
}

/** «MIT» is the id of a licence; «(MIT OR Apache-2.0)» an expression. */
function licence(written: string): object {
  return /^[\w.+-]+$/.test(written) ? { license: { id: written } } : { expression: written };
}

function isTop(place: string): boolean {
  return place.lastIndexOf('node_modules/') === 0;
}

function dependsOn({ place }: BundledPackage, packages: readonly BundledPackage[], lock: LockFile): string[] {
  const names = Object.keys(lock.packages[place]?.dependencies ?? {});
  const found = names.flatMap((name) => resolve(place, name, packages) ?? []);
  return [...new Set(found.map(reference))].sort();
}

/** As Node looks for it: inside, then beside, then further out. Undefined for one that left nothing in a bundle. */
function resolve(from: string, name: string, packages: readonly BundledPackage[]): BundledPackage | undefined {
  for (let folder = from; ; ) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    const found = packages.find((each) => each.place === place);
    if (found || folder === '') return found;
    const at = folder.lastIndexOf('/node_modules/');
    folder = at === -1 ? '' : folder.slice(0, at);
  }
}
