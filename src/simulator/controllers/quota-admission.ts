import type { KubeObject } from '../../mesh/objects.ts';
import { quantityOf } from '../../mesh/quantity.ts';
import { forbidden } from '../api/errors.ts';
import type { Registry, ResourceId } from '../contract.ts';
import type { Container, Pod } from './kinds.ts';
import { sumOf, textOf } from './quantity-text.ts';
import { type Amounts, countedKind, type ResourceQuota, usageOf, usedOf } from './quota-usage.ts';

/** Of pods, what must be said by every container once a quota limits it. */
const STATED = /^(?:requests\.|limits\.)?(?:cpu|memory)$|^(?:requests|limits)\.(?:ephemeral-storage)$/;

/**
 * The last of the API server's own admission plugins: refuses what would use more than a ResourceQuota of its namespace
 * allows. Throws ApiError 403.
 */
export function checkQuotas(
  registry: Pick<Registry, 'list'>,
  resource: ResourceId,
  object: KubeObject,
  previous?: KubeObject,
): void {
  const { namespace } = object.metadata;
  if (!namespace) return;
  const exceeded: string[] = [];
  for (const quota of registry.list('resourcequotas', namespace) as ResourceQuota[]) {
    const hard = quota.spec?.hard ?? {};
    if (!Object.keys(hard).some((name) => countedKind(name) === resource)) continue;
    const asked = usageOf(resource, object, quota);
    if (Object.keys(asked).length === 0) continue;
    const missing = resource === 'pods' && !previous ? unstated(object as Pod, Object.keys(hard)) : '';
    if (missing) throw refused(resource, object, `failed quota: ${quota.metadata.name}: must specify ${missing}`);
    const before = previous ? usageOf(resource, previous, quota) : {};
    const used = usedOf(quota, (id) => registry.list(id, namespace));
    const over = Object.keys(asked)
      .filter((name) => quantityOf(asked[name]) > quantityOf(before[name]))
      .filter((name) => more(asked, before, name) + quantityOf(used[name]) > quantityOf(hard[name]) + 1e-9)
      .sort();
    if (over.length > 0) exceeded.push(excess(quota, over, { asked, before, used }));
  }
  if (exceeded.length > 0) throw refused(resource, object, exceeded.join(', '));
}

function more(asked: Amounts, before: Amounts, name: string): number {
  return quantityOf(asked[name]) - quantityOf(before[name]);
}

function excess(
  quota: ResourceQuota,
  over: string[],
  { asked, before, used }: { asked: Amounts; before: Amounts; used: Amounts },
): string {
  const list = (amount: (name: string) => unknown) => over.map((name) => `${name}=${amount(name)}`).join(',');
  const requested = list((name) =>
    before[name] === undefined ? asked[name] : textOf(more(asked, before, name), String(asked[name]).endsWith('i')),
  );
  const limited = list((name) => sumOf([quota.spec?.hard?.[name]]));
  return `exceeded quota: ${quota.metadata.name}, requested: ${requested}, used: ${list((name) => used[name])}, limited: ${limited}`;
}

/** `cpu for: a,b; memory for: a`: containers that leave out what the quota limits; empty when none does. */
function unstated(pod: Pod, hard: string[]): string {
  const containers: Container[] = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
  return hard
    .filter((name) => STATED.test(name))
    .sort()
    .map((name) => {
      const [, list = 'requests', resource = name] = /^(requests|limits)\.(.+)$/.exec(name) ?? [];
      const silent = containers.filter(({ resources }) =>
        list === 'limits' ? resources?.limits?.[resource] === undefined : resources?.requests?.[resource] === undefined,
      );
      return silent.length > 0 ? `${name} for: ${silent.map((c) => c.name).join(',')}` : '';
    })
    .filter((text) => text !== '')
    .join('; ');
}

function refused(resource: ResourceId, object: KubeObject, why: string) {
  const [plural = '', group] = resource.split('/').reverse();
  const { name, generateName } = object.metadata;
  return forbidden(`${group ? `${plural}.${group}` : plural} "${name || generateName || ''}" is forbidden: ${why}`);
}
