// The ephemeral containers of a pod: put beside those that run, for looking, and never changed again.
import { isMap } from '../patch-merge.ts';
import { checkContainer } from './containers.ts';
import type { Problems } from './problems.ts';
import { list } from './values.ts';

type Map = Record<string, unknown>;

/** What belongs to the work of a pod, which these have no part in. */
const refused = ['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'resizePolicy'];

export function checkEphemeral(spec: Map, before: Map, volumes: Set<string>, problems: Problems): void {
  const others = [...list(spec.containers), ...list(spec.initContainers)].map(({ name }) => String(name));
  const names = new Set(others);
  const all = list(spec.ephemeralContainers);
  all.forEach((container, i) => {
    const at = problems.at(i);
    checkContainer(container, { names, volumes, init: false }, at);
    const { targetContainerName: target } = container;
    if (target && !others.includes(String(target))) at.at('targetContainerName').notFound(target);
    for (const field of refused)
      if (container[field] !== undefined) at.at(field).forbidden('cannot be set for an Ephemeral Container');
    const { resources } = container;
    if (isMap(resources) && Object.keys(resources).length > 0)
      at.at('resources').forbidden('cannot be set for an Ephemeral Container');
  });
  for (const old of list(before.ephemeralContainers)) {
    const now = all.find(({ name }) => name === old.name);
    const named = `existing ephemeral containers ${JSON.stringify(old.name)}`;
    if (!now) problems.forbidden(`${named} may not be removed\n`);
    else if (text(now) !== text(old)) problems.forbidden(`${named} may not be changed\n`);
  }
}

function text(container: Map): string {
  return JSON.stringify(Object.entries(container).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
