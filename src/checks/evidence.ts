import type { KubeObject } from '../mesh/objects.ts';
import type { Evidence } from './verdict.ts';

export function evidenceOf(objects: readonly KubeObject[]): Evidence {
  return {
    objects: objects.map(({ kind, metadata: { name, namespace, resourceVersion } }) => ({
      kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    })),
  };
}
