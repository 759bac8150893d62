// The shape that most operators have: another value at certain paths of manifests of one kind.
import { find, type JsonValue, type Manifest, type Path, pathText, withValue } from './manifest.ts';
import type { Operator, Variant } from './operator.ts';

export interface Change {
  name: string;
  kind: string;
  /** `spec.http.*.route.*.destination.host` */
  at: string;
  codes: readonly string[];
  seenBy?: Operator['seenBy'];
  named?: (manifest: Manifest) => RegExp;
  /** The value to put there instead; the same one when the mistake cannot be made there; undefined takes it away. */
  to(value: JsonValue): JsonValue;
}

export function change({ name, kind, at, codes, seenBy, named, to }: Change): Operator {
  return {
    name,
    codes,
    ...(seenBy && { seenBy }),
    ...(named && { named }),
    mutate(manifest) {
      if (manifest.kind !== kind) return [];
      return find(manifest.value, at.split('.')).flatMap(({ path, value }) => variant(manifest.value, path, value));
    },
  };

  function variant(whole: Parameters<typeof withValue>[0], path: Path, value: JsonValue): Variant[] {
    const other = to(value);
    if (JSON.stringify(other) === JSON.stringify(value)) return [];
    return [{ what: `${pathText(path)}: ${print(value)} → ${print(other)}`, instead: [withValue(whole, path, other)] }];
  }
}

/** The manifest is forgotten. */
export function forgotten(kind: string, codes: readonly string[]): Operator {
  return {
    name: `falta ${kind}`,
    codes,
    mutate: (manifest) => (manifest.kind === kind ? [{ what: `falta ${kind} ${manifest.name}`, instead: [] }] : []),
  };
}

/** The manifest is in another namespace. */
export function elsewhere(kind: string, codes: readonly string[]): Operator {
  return {
    name: `${kind} en otro espacio de nombres`,
    codes,
    mutate(manifest) {
      if (manifest.kind !== kind) return [];
      const instead = withValue(manifest.value, ['metadata', 'namespace'], 'kube-public');
      return [{ what: `metadata.namespace: kube-public`, instead: [instead] }];
    },
  };
}

function print(value: JsonValue): string {
  return value === undefined ? 'nada' : JSON.stringify(value).slice(0, 60);
}
