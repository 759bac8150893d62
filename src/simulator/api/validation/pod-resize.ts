// New resources for a pod that runs: only of the CPU and the memory, and never what would make it another class of pod.
import { isMap } from '../patch-merge.ts';
import type { Problems } from './problems.ts';
import { list } from './values.ts';

type Map = Record<string, unknown>;

const mutable = new Set(['cpu', 'memory']);

export function checkResize(spec: Map, before: Map, problems: Problems): void {
  const [was, now] = [qosOf(before), qosOf(spec)];
  if (was !== now) problems.invalid(was, 'Pod QOS Class may not change as a result of resizing');
  list(spec.containers).forEach((container, i) => {
    const old = list(before.containers)[i] ?? {};
    const at = problems.at('containers', i, 'resources');
    for (const part of ['limits', 'requests']) {
      const [given, had] = [amounts(container, part), amounts(old, part)];
      for (const name of Object.keys(had))
        if (given[name] === undefined) at.at(part).forbidden(`resource ${part} cannot be removed`);
      for (const name of new Set([...Object.keys(given), ...Object.keys(had)]))
        if (!mutable.has(name) && given[name] !== had[name])
          problems.forbidden('only cpu and memory resources are mutable');
    }
  });
}

function amounts({ resources }: Map, part: string): Map {
  const found = isMap(resources) ? resources[part] : undefined;
  return isMap(found) ? found : {};
}

/** Guaranteed: all containers have limits of both, and ask for as much. Best effort: nobody asks for anything. */
function qosOf(spec: Map): string {
  const all = [...list(spec.containers), ...list(spec.initContainers)];
  const asks = all.some((c) => Object.keys({ ...amounts(c, 'limits'), ...amounts(c, 'requests') }).length > 0);
  if (!asks) return 'BestEffort';
  const whole = all.every((c) => {
    const [limits, requests] = [amounts(c, 'limits'), amounts(c, 'requests')];
    return [...mutable].every(
      (name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name],
    );
  });
  return whole ? 'Guaranteed' : 'Burstable';
}
