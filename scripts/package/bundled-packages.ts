// Which packages of npm are inside the bundles, from what esbuild says that it took, and what each is.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

export interface BundledPackage {
  /** Its key in package-lock.json: «node_modules/yaml». */
  place: string;
  name: string;
  version: string;
  /** As its package.json says. */
  license: string;
  /** The text of its licence; empty when it carries none. */
  licenseText: string;
}

/** Sorted by name and version. Only what left something in a bundle. */
export function bundledPackages(root: string, metafiles: readonly Metafile[]): BundledPackage[] {
  const inputs = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const places = new Set(inputs.flatMap(([file]) => placeOf(file) ?? []));
  return [...places]
    .map((place) => readPackage(root, place))
    .toSorted((a, b) => (a.name === b.name ? order(a.version, b.version) : order(a.name, b.name)));
}

/** «node_modules/a/node_modules/@b/c/d.js» → «node_modules/a/node_modules/@b/c». */
function placeOf(file: string): string | undefined {
  return /^(?:[\w-]+:)?(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

function readPackage(root: string, place: string): BundledPackage {
  const folder = join(root, place);
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version, license } = manifest as { name: string; version: string; license?: string };
  return { place, name, version, license: license ?? 'NOASSERTION', licenseText: licenseText(folder) };
}

function licenseText(folder: string): string {
  const file = readdirSync(folder)
    .toSorted()
    .find((entry) => /^(?:licen[cs]e|copying)(?:[.-].*)?$/i.test(entry));
  return file && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : '';
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
