// One request through the routes of a file, before it is applied: every decision of the engine with its line.
import type { Source } from '../mesh/decision.ts';
import { indexMesh } from '../mesh/index-mesh.ts';
import { outcomeSentence, sentenceOf } from '../views/explain/sentences.ts';
import { parsePath } from './paths.ts';
import { podsByName, sharesOf } from './preview/outcomes.ts';
import { servingPods } from './preview/preview.ts';
import { cell } from './preview/preview-text.ts';
import { type Probe, probesFor } from './preview/probes.ts';
import { decimal, t } from './say.ts';
import { indexLines } from './text.ts';
import type { Workspace } from './workspace.ts';
import { parsePart } from './written-file.ts';
import { findPath, spanOf } from './yaml-nodes.ts';

export interface RouteName {
  name: string;
  namespace: string;
}

/** Requests worth asking of a VirtualService of the file; of all of them when none is named. */
export function probesOf(workspace: Workspace, uri: string, route: RouteName | undefined): Probe[] {
  const own = workspace.file(uri)?.parts.flatMap((p) => p.objects.flatMap(({ object }) => object ?? [])) ?? [];
  const chosen = own.filter(
    ({ kind, metadata }) =>
      !route || (kind === 'VirtualService' && metadata.name === route.name && metadata.namespace === route.namespace),
  );
  return probesFor(chosen, workspace.objectsFor(uri));
}

/** Markdown. Nothing is sent: the engine decides with the file as it is written. */
export function explainText(workspace: Workspace, uri: string, probe: Probe): string {
  const objects = servingPods(workspace.objectsFor(uri));
  const engine = indexMesh({ objects, rootNamespace: 'istio-system' });
  const { steps, outcome } = engine.decide(probe.proxy, probe.request, { random: () => 0.5, next: () => 0 });
  const shares = sharesOf(engine, podsByName(objects), probe);
  const rows = steps.map((step) => {
    const { text, tone } = sentenceOf(step);
    const where = step.source ? ` — ${whereOf(workspace, uri, step.source)}` : '';
    return `${marks[tone]} ${cell(text)}${where}`;
  });
  const parts = shares.map(({ to, percent }) => `| ${cell(to)} | ${t('{0} %', decimal(percent))} |`);
  return [
    `# ${cell(probe.title)}`,
    workspace.cluster
      ? t('Desde {0}, con las reglas como están escritas sobre las del clúster.', cell(probe.from))
      : t('Desde {0}, con las reglas como están escritas y sin clúster.', cell(probe.from)),
    `## ${t('Qué se decide, en orden')}`,
    rows.map((row, index) => `${index + 1}. ${row}`).join('\n'),
    `**${cell(outcomeSentence(outcome))}**`,
    `## ${t('Si se repite muchas veces')}`,
    [`| ${t('Adónde')} | ${t('Parte')} |`, '|---|---|', ...parts].join('\n'),
  ].join('\n\n');
}

const marks = { passed: '✓', skipped: '–', changed: '↻', stop: '✗' } as const;

function whereOf(workspace: Workspace, uri: string, source: Source): string {
  const title = `${source.kind} ${source.namespace}/${source.name}${source.path ? ` ${source.path}` : ''}`;
  const place = placeOf(workspace, uri, source);
  if (!place) return `\`${title.replaceAll('`', '')}\``;
  const name = decodeURIComponent(place.uri.split('/').at(-1) ?? '');
  // Pages of the editor draw no links to files.
  return `**${cell(name)}:${place.line}** \`${title.replaceAll('`', '')}\``;
}

/** The file that is asked about counts before the others. */
function placeOf(
  workspace: Workspace,
  uri: string,
  { kind, namespace, name, path }: Source,
): { uri: string; line: number } | undefined {
  const own = workspace.file(uri);
  for (const file of own ? [own, ...workspace.files()] : workspace.files())
    for (const part of file.parts)
      for (const { object, at } of part.objects) {
        if (object?.kind !== kind || object.metadata.name !== name || (object.metadata.namespace ?? '') !== namespace)
          continue;
        const document = parsePart(part.text);
        const found = document && findPath(document, [...at, ...parsePath(path)]);
        const [start] = found ? spanOf(found) : [0];
        return { uri: file.uri, line: indexLines(file.text).positionAt(start + part.offset).line + 1 };
      }
  return undefined;
}
