// What LimitRanges make of a new pod or claim: defaults for what its containers leave out, and a refusal of what is out of
// bounds.
import type { KubeObject } from '../../mesh/objects.ts';
import { quantityOf } from '../../mesh/quantity.ts';
import { forbidden } from '../api/errors.ts';
import type { Container, Pod, Resources } from '../controllers/kinds.ts';
import { podTotal } from '../controllers/quota-usage.ts';

interface LimitRangeItem {
  type: string;
  max?: Resources;
  min?: Resources;
  default?: Resources;
  defaultRequest?: Resources;
  maxLimitRequestRatio?: Resources;
}

export type LimitRange = KubeObject<{ limits?: LimitRangeItem[] }>;

/** Fills in, in place, the resources that the ranges give by default. */
export function applyLimitDefaults(pod: Pod, ranges: readonly LimitRange[]): void {
  const items = itemsOf(ranges, 'Container');
  if (items.length === 0 || !pod.spec) return;
  const limits = merged(items.map((item) => item.default));
  const requests = merged(items.map((item) => item.defaultRequest));
  const set: string[] = [];
  const fill = (container: Container, kind: string) => {
    const { requests: ownRequests, limits: ownLimits } = container.resources ?? {};
    const missing = (own: Resources = {}, given: Resources) =>
      Object.keys(given).filter((name) => own[name] === undefined);
    const newLimits = missing(ownLimits, limits);
    // A limit of the container's own is its request too.
    const newRequests = missing({ ...ownLimits, ...ownRequests }, requests);
    if (newLimits.length + newRequests.length === 0) return;
    container.resources = {
      ...container.resources,
      limits: { ...pick(limits, newLimits), ...ownLimits },
      requests: { ...pick(requests, newRequests), ...ownRequests },
    };
    const say = (names: string[], list: string) => {
      if (names.length > 0) set.push(`${names.sort().join(', ')} ${list} for ${kind} ${container.name}`);
    };
    say(newRequests, 'request');
    say(newLimits, 'limit');
  };
  for (const container of pod.spec.containers) fill(container, 'container');
  for (const container of pod.spec.initContainers ?? []) fill(container, 'init container');
  if (set.length === 0) return;
  const note = `LimitRanger plugin set: ${set.join('; ')}`;
  pod.metadata.annotations = { ...pod.metadata.annotations, 'kubernetes.io/limit-ranger': note };
}

/** Throws ApiError 403 when a container, the pod or the claim is out of the bounds of a range. */
export function checkLimits(object: KubeObject, ranges: readonly LimitRange[]): void {
  const faults = object.kind === 'Pod' ? podFaults(object as Pod, ranges) : claimFaults(object, ranges);
  if (faults.length === 0) return;
  const { name, generateName } = object.metadata;
  const plural = object.kind === 'Pod' ? 'pods' : 'persistentvolumeclaims';
  const all = faults.length === 1 ? faults[0] : `[${faults.join(', ')}]`;
  throw forbidden(`${plural} "${name || generateName || ''}" is forbidden: ${all}`);
}

function podFaults({ spec }: Pod, ranges: readonly LimitRange[]): string[] {
  if (!spec) return [];
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const faults = containers.flatMap(({ resources }) =>
    itemsOf(ranges, 'Container').flatMap((item) =>
      faultsOf(
        'Container',
        item,
        (list, name) => resources?.[list]?.[name] ?? (list === 'requests' ? resources?.limits?.[name] : undefined),
      ),
    ),
  );
  const whole = itemsOf(ranges, 'Pod').flatMap((item) =>
    faultsOf('Pod', item, (list, name) => {
      const total = podTotal(spec, list, name);
      return quantityOf(total) === 0 ? undefined : total;
    }),
  );
  return [...faults, ...whole];
}

function claimFaults({ spec }: KubeObject, ranges: readonly LimitRange[]): string[] {
  const requests = (spec as { resources?: { requests?: Resources } } | undefined)?.resources?.requests;
  return itemsOf(ranges, 'PersistentVolumeClaim').flatMap(({ min, max }) =>
    faultsOf(
      'PersistentVolumeClaim',
      { type: '', ...(min && { min }), ...(max && { max }) },
      (_list, name) => requests?.[name],
    ),
  );
}

type Asked = (list: 'requests' | 'limits', name: string) => string | number | undefined;

function faultsOf(type: string, item: LimitRangeItem, asked: Asked): string[] {
  const isClaim = type === 'PersistentVolumeClaim';
  const faults: string[] = [];
  for (const [name, bound] of entriesOf(item.min)) {
    const request = asked('requests', name);
    const text = `minimum ${name} usage per ${type} is ${bound}`;
    if (request === undefined) faults.push(`${text}.  No request is specified`);
    else if (quantityOf(request) < quantityOf(bound)) faults.push(`${text}, but request is ${request}`);
  }
  for (const [name, bound] of entriesOf(item.max)) {
    const limit = asked(isClaim ? 'requests' : 'limits', name);
    const text = `maximum ${name} usage per ${type} is ${bound}`;
    if (limit === undefined) faults.push(`${text}.  No limit is specified`);
    else if (quantityOf(limit) > quantityOf(bound))
      faults.push(`${text}, but ${isClaim ? 'request' : 'limit'} is ${limit}`);
  }
  for (const [name, bound] of entriesOf(item.maxLimitRequestRatio)) {
    const [limit, request] = [quantityOf(asked('limits', name)), quantityOf(asked('requests', name))];
    const text = `${name} max limit to request ratio per ${type} is ${bound}`;
    if (limit === 0 || request === 0)
      faults.push(
        `${text}, but no ${request === 0 ? 'request' : 'limit'} is specified or ${request === 0 ? 'request' : 'limit'} is 0`,
      );
    else if (limit / request > quantityOf(bound))
      faults.push(`${text}, but provided ratio is ${(limit / request).toFixed(6)}`);
  }
  return faults;
}

function itemsOf(ranges: readonly LimitRange[], type: string): LimitRangeItem[] {
  return ranges.flatMap((range) => range.spec?.limits ?? []).filter((item) => item.type === type);
}

function entriesOf(resources: Resources = {}): [string, string | number][] {
  return Object.entries(resources).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Of several ranges, the first to speak of a resource decides. */
function merged(lists: readonly (Resources | undefined)[]): Resources {
  return Object.assign({}, ...[...lists].reverse());
}

function pick(from: Resources, names: string[]): Resources {
  return Object.fromEntries(names.map((name) => [name, from[name] ?? '']));
}
