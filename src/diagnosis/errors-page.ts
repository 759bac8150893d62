// docs/errores.md as text. A test fails when the file is not this.
import { areas, catalogue } from './catalogue.ts';
import type { CatalogueEntry } from './codes/entry.ts';

export function errorsPage(): string {
  const entries: [string, CatalogueEntry][] = Object.entries(catalogue);
  const sections = Object.entries(areas).map(([area, title]) => {
    const own = entries
      .filter(([code]) => code.startsWith(`MALLA-${area}-`))
      .toSorted(([a], [b]) => a.localeCompare(b));
    return [`## ${area}: ${title}`, ...own.map(printEntry)].join('\n\n');
  });
  return `${[introduction, ...sections].join('\n\n')}\n`;
}

const introduction = `# Códigos de Malla

Cada fallo que Malla nombra lleva un código. Aquí está qué significa, por qué importa y qué hacer. Un veredicto
*incorrecto* lleva siempre la causa, que es el primer eslabón roto de la cadena. Las causas de SAL y CLU son del clúster y
no tuyas: con ellas el veredicto es *no verificable* y no resta.

Esta página se escribe a partir de \`src/diagnosis/codes/\`; para cambiarla, cambia el catálogo y ejecuta
\`node scripts/generate-errors-doc.ts\`.`;

function printEntry([code, { title, why, cure }]: [string, CatalogueEntry]): string {
  return `### ${code}\n\n**${title}.** ${why}\n\nQué hacer: ${lowerFirst(cure)}`;
}

/** Not for names that start in capitals, such as DestinationRule. */
function lowerFirst(text: string): string {
  return /^[A-ZÁÉÍÓÚ][a-záéíóúñ]*[\s,]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
