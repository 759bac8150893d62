// What of a pod may change once it is there.

import { equal } from '../../controllers/equal.ts';
import { sortedKeys } from '../sorted-keys.ts';
import type { Problems } from './problems.ts';
import { list } from './values.ts';

type Map = Record<string, unknown>;

/** A pod gets its node, its debugging containers and its resources by subresources, which come this way too. */
export function checkPodUpdate(spec: Map, before: Map, subresource: string | undefined, problems: Problems): void {
  for (const field of ['containers', 'initContainers']) {
    if (list(spec[field]).length === list(before[field]).length) continue;
    problems.at(field).forbidden('pod updates may not add or remove containers');
    return;
  }
  if (equal(spec, before)) return;
  const text = (given: Map): string => JSON.stringify(fixed(given, before, subresource));
  if (text(spec) === text(before)) return;
  problems.forbidden(
    'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
  );
}

function fixed(spec: Map, before: Map, subresource: string | undefined): unknown {
  const {
    activeDeadlineSeconds: _deadline,
    tolerations: _tolerations,
    terminationGracePeriodSeconds: _grace,
    ephemeralContainers,
    schedulingGates: _gates,
    nodeName,
    ...rest
  } = spec;
  return sortedKeys({
    ...rest,
    ...(before.nodeName ? { nodeName } : {}),
    ...(subresource === 'ephemeralcontainers' ? {} : { ephemeralContainers }),
    containers: list(spec.containers).map((container) => withoutImage(container, subresource)),
    initContainers: list(spec.initContainers).map((container) => withoutImage(container, subresource)),
  });
}

function withoutImage({ image: _image, resources, resizePolicy, ...rest }: Map, subresource: string | undefined): Map {
  return subresource === 'resize' ? rest : { ...rest, resources, resizePolicy };
}
