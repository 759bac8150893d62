import { type ConformanceResults, passing, programNeeded } from './conformance.ts';

/** docs/conformidad.md. */
export function conformancePage(results: ConformanceResults): string {
  const { version, date, tests } = results;
  const names = Object.keys(tests).sort();
  const { passed, of } = passing(results);
  const group = (state: string) => names.filter((name) => tests[name]?.state === state);
  const failed = group('failed');
  return `# Conformidad con Kubernetes

Kubernetes trae sus propias pruebas de conformidad. Estas son las de la maquinaria del API, \`[sig-api-machinery] … [Conformance]\`,
de la ${version}, compiladas de su módulo de Go sin cambiarles nada y lanzadas contra el clúster embebido de Malla. Escriben en
protobuf, como cualquier programa de Go.

| | |
|---|---|
| Pruebas | ${names.length} |
| No necesitan ningún contenedor | ${of} |
| De ellas, pasan | ${passed} (${((100 * passed) / Math.max(1, of)).toFixed(1).replace('.', ',')} %) |
| Última vez | ${date.slice(0, 10)} |

Se repiten con \`node scripts/conformance.ts\`, que necesita Go la primera vez, para compilarlas en \`~/.cache/malla-go\`. Termina mal si
deja de pasar alguna que pasaba. Con un trozo del nombre solo lanza esas: \`node scripts/conformance.ts ResourceQuota\`.

## No pasan

${failed.length === 0 ? 'Ninguna.' : failed.map((name) => `- ${plain(name)}: \`${oneLine(tests[name]?.why ?? '')}\``).join('\n')}

## Necesitan un programa que el simulador no tiene

El simulador no ejecuta imágenes: tiene modelos de las que usa el curso. Estas pruebas llevan la suya.

${group('needs a container')
  .map((name) => `- ${plain(name)}: ${programNeeded(name) ?? oneLine(tests[name]?.why ?? '')}.`)
  .join('\n')}

## Pasan

${group('passed')
  .map((name) => `- ${plain(name)}`)
  .join('\n')}
`;
}

function plain(name: string): string {
  return name
    .replace('[sig-api-machinery] ', '')
    .replace(/ \[Conformance\]$/, '')
    .replaceAll('[', '\\[');
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('`', "'").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
