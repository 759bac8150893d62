// Which Telemetry objects speak of a pod, from the whole mesh to the pod itself, and which were meant to and do not.

import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, hasLabels, items, stringMap, text } from '../../../mesh/read.ts';
import { diagnose, nameOf } from '../../diagnose.ts';
import type { Diagnosis } from '../../diagnosis.ts';
import { type Pod, rootNamespace, type Scene } from '../../scene.ts';
import { closest } from '../../typo.ts';

export type Section = 'accessLogging' | 'tracing' | 'metrics';
type Fields = Readonly<Record<string, unknown>>;

/** One entry of a section, with where it is written. */
export interface Entry {
  at: KubeObject;
  path: string;
  value: Fields;
}

/** The entries that reach the pod, the narrowest last: the last one that says something wins. */
export function entriesFor(scene: Scene, pod: Pod, section: Section): Entry[] {
  const namespace = pod.metadata.namespace ?? 'default';
  const within = (name: string): KubeObject[] => scene.telemetries.filter((t) => t.metadata.namespace === name);
  const levels = [
    within(rootNamespace).find(isWhole),
    namespace === rootNamespace ? undefined : within(namespace).find(isWhole),
    within(namespace).find((t) => !isWhole(t) && hasLabels(pod.metadata.labels, selectorOf(t))),
  ];
  return levels.flatMap((t) => (t ? entriesIn(t, section) : []));
}

/** A Telemetry with that section that does not reach the pod: in another namespace, or with another selector. */
export function missedTelemetry(scene: Scene, pod: Pod, section: Section): Diagnosis | undefined {
  const meant = scene.telemetries.filter((t) => entriesIn(t, section).some(({ value }) => !isOff(value)));
  const namespace = pod.metadata.namespace ?? 'default';
  const near = meant.find((t) => t.metadata.namespace === namespace || t.metadata.namespace === rootNamespace);
  if (near && !isWhole(near))
    return diagnose('MALLA-OBS-06', `${nameOf(near)} no selecciona al pod ${pod.metadata.name}`, {
      at: near,
      path: 'spec.selector.matchLabels',
    });
  const [other] = meant;
  if (!other || near) return undefined;
  return diagnose(
    'MALLA-OBS-05',
    `${nameOf(other)} está en ${other.metadata.namespace}, y el pod ${pod.metadata.name} en ${namespace}`,
    { at: other, path: 'metadata.namespace' },
  );
}

/** An entry that names a provider which the mesh configuration does not declare. */
export function unknownProvider(entries: readonly Entry[], known: readonly string[]): Diagnosis | undefined {
  for (const { at, path, value } of entries) {
    for (const [i, provider] of items(value.providers).entries()) {
      const name = text(fields(provider).name) ?? '';
      if (known.includes(name)) continue;
      const meant = closest(name, known, (k) => k);
      const offer = meant ? `; ¿querías decir «${meant}»?` : '';
      return diagnose('MALLA-OBS-07', `${nameOf(at)} nombra el proveedor «${name}», que no existe${offer}`, {
        at,
        path: `${path}.providers[${i}].name`,
      });
    }
  }
  return undefined;
}

/** Names of the providers of the mesh configuration that serve for something, by their key. */
export function providersOf(meshConfig: Fields, keys: readonly string[]): string[] {
  return items(meshConfig.extensionProviders)
    .map(fields)
    .filter((p) => keys.some((key) => p[key] !== undefined))
    .flatMap((p) => text(p.name) ?? []);
}

function entriesIn(telemetry: KubeObject, section: Section): Entry[] {
  return items(fields(telemetry.spec)[section]).map((value, i) => ({
    at: telemetry,
    path: `spec.${section}[${i}]`,
    value: fields(value),
  }));
}

function isOff(value: Fields): boolean {
  return value.disabled === true || value.disableSpanReporting === true;
}

function isWhole(telemetry: KubeObject): boolean {
  return selectorOf(telemetry).size === 0;
}

function selectorOf({ spec }: KubeObject): ReadonlyMap<string, string> {
  return stringMap(fields(fields(spec).selector).matchLabels);
}
