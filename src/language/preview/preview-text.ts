// A preview as a page of Markdown: what changes first, as a table.

import { decimal, t } from '../say.ts';
import type { Share } from './outcomes.ts';
import type { Preview, PreviewedRequest } from './preview.ts';

/** `name` is the file's. */
export function previewText(name: string, { against, objects, requests }: Preview): string {
  const changed = requests.filter((request) => request.changed);
  const same = requests.filter((request) => !request.changed);
  return [
    `# ${t('Qué cambiaría al aplicar {0}', cell(name))}`,
    against === 'cluster'
      ? t('Comparado con lo que hay ahora en el clúster.')
      : t('No hay ningún clúster en marcha: comparado con el fichero como está guardado y con el resto de la carpeta.'),
    objects.map(({ key, change }) => `- ${cell(key)}: ${words[change]()}`).join('\n'),
    ...section(
      changed.length === 0 ? t('Ninguna petición iría a otro sitio') : t('Peticiones que cambian'),
      changed,
      true,
    ),
    ...section(t('Peticiones que siguen igual'), same, false),
    requests.length === 0
      ? t('No hay peticiones que probar: ningún host ni pasarela conocidos usan estos objetos.')
      : t(
          'Cada petición sale de las condiciones de las reglas; la que no cumple ninguna se prueba con `/`. Lo decide el motor de Malla, sin enviar nada.',
        ),
  ].join('\n\n');
}

const words = { new: () => t('nuevo'), changed: () => t('cambia'), same: () => t('igual') } as const;

function section(title: string, requests: readonly PreviewedRequest[], both: boolean): string[] {
  if (requests.length === 0) return both ? [`## ${title}`] : [];
  const head = both
    ? `| ${t('Petición')} | ${t('Desde')} | ${t('Antes')} | ${t('Después')} |\n|---|---|---|---|`
    : `| ${t('Petición')} | ${t('Desde')} | ${t('Va a')} |\n|---|---|---|`;
  const rows = requests.map(({ title: asked, from, before, after }) =>
    both
      ? `| ${cell(asked)} | ${cell(from)} | ${shares(before)} | ${shares(after)} |`
      : `| ${cell(asked)} | ${cell(from)} | ${shares(after)} |`,
  );
  return [`## ${title}`, [head, ...rows].join('\n')];
}

function shares(all: readonly Share[]): string {
  if (all.length === 1) return cell(all[0]?.to ?? '');
  return all.map(({ to, percent }) => `${t('{0} %', decimal(percent))} ${cell(to)}`).join('<br>');
}

/** Text of files: none of it may draw anything. */
export function cell(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\`*_{}[\]()<>#+!|~&]/g, (character) => `\\${character}`);
}
