// The licences of what is inside the bundles, as most of them ask to be given: with the programs.
import type { BundledPackage } from './bundled-packages.ts';

export function licencesFile(packages: readonly BundledPackage[]): string {
  const texts = new Map<string, BundledPackage[]>();
  for (const each of packages) {
    const text = each.licenseText || `Licencia ${each.license}; el paquete no trae su texto.`;
    texts.set(text, [...(texts.get(text) ?? []), each]);
  }
  const parts = [...texts].map(([text, owners]) => {
    const names = owners.map(({ name, version, license }) => `${name} ${version} (${license})`);
    return `${names.join('\n')}\n\n${text.replaceAll('\r\n', '\n')}\n`;
  });
  return `Malla lleva dentro estos paquetes, con sus licencias.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
