// A preview as a page of Markdown: what changes first, as a table.
import type { Share } from './outcomes.ts';
import type { Preview, PreviewedRequest } from './preview.ts';

/** `name` is the file's. */
export function previewText(name: string, { against, objects, requests }: Preview): string {
  const changed = requests.filter((request) => request.changed);
  const same = requests.filter((request) => !request.changed);
  return [
    `# Qué cambiaría al aplicar ${cell(name)}`,
    against === 'cluster'
      ? 'Comparado con lo que hay ahora en el clúster.'
      : 'No hay ningún clúster en marcha: comparado con el fichero como está guardado y con el resto de la carpeta.',
    objects.map(({ key, change }) => `- ${cell(key)}: ${words[change]}`).join('\n'),
    ...section(changed.length === 0 ? 'Ninguna petición iría a otro sitio' : 'Peticiones que cambian', changed, true),
    ...section('Peticiones que siguen igual', same, false),
    requests.length === 0
      ? 'No hay peticiones que probar: ningún host ni pasarela conocidos usan estos objetos.'
      : 'Cada petición sale de las condiciones de las reglas; la que no cumple ninguna se prueba con `/`. Lo decide el motor de Malla, sin enviar nada.',
  ].join('\n\n');
}

const words = { new: 'nuevo', changed: 'cambia', same: 'igual' } as const;

function section(title: string, requests: readonly PreviewedRequest[], both: boolean): string[] {
  if (requests.length === 0) return both ? [`## ${title}`] : [];
  const head = both
    ? '| Petición | Desde | Antes | Después |\n|---|---|---|---|'
    : '| Petición | Desde | Va a |\n|---|---|---|';
  const rows = requests.map(({ title: asked, from, before, after }) =>
    both
      ? `| ${cell(asked)} | ${cell(from)} | ${shares(before)} | ${shares(after)} |`
      : `| ${cell(asked)} | ${cell(from)} | ${shares(after)} |`,
  );
  return [`## ${title}`, [head, ...rows].join('\n')];
}

function shares(all: readonly Share[]): string {
  if (all.length === 1) return cell(all[0]?.to ?? '');
  return all.map(({ to, percent }) => `${String(percent).replace('.', ',')} % ${cell(to)}`).join('<br>');
}

/** Text of files: none of it may draw anything. */
export function cell(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_{}[\]()<>#+!|~&]/g, (character) => `\\${character}`);
}
