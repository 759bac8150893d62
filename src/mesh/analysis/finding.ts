import type { Source } from '../decision.ts';
import type { KubeObject } from '../objects.ts';
import type { Scene } from './scene.ts';

export type Level = 'Error' | 'Warning' | 'Info';

export interface Finding {
  code: string;
  level: Level;
  /** The object at fault and where in it. `namespace` is empty for a Namespace. */
  object: Source;
  /** In Istio's own words. */
  text: string;
}

export type Analyzer = (scene: Scene) => Iterable<Finding>;

export function sourceOf({ kind, metadata }: KubeObject, path: string): Source {
  return { kind, namespace: metadata.namespace ?? (kind === 'Namespace' ? '' : 'default'), name: metadata.name, path };
}

/** IST0101, whose text names what kind of thing is missing. */
export function notFound(object: KubeObject, path: string, what: string, value: string): Finding {
  const text = `Referenced ${what} not found: "${value}"`;
  return { code: 'IST0101', level: 'Error', object: sourceOf(object, path), text };
}

export function fullName({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`;
}
