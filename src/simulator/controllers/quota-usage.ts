// What objects count against a ResourceQuota. Pure.
import type { KubeObject } from '../../mesh/objects.ts';
import { quantityOf } from '../../mesh/quantity.ts';
import type { ResourceId } from '../contract.ts';
import type { Container, Pod, PodSpec, Resources, Service } from './kinds.ts';
import { isFinished } from './pods.ts';
import { sumOf, textOf } from './quantity-text.ts';
import { meets } from './selectors.ts';

export interface QuotaSpec {
  hard?: Resources;
  scopes?: string[];
  scopeSelector?: { matchExpressions?: { scopeName: string; operator: string; values?: string[] }[] };
}

export type ResourceQuota = KubeObject<QuotaSpec, { hard?: Resources; used?: Resources }>;

/** Resource of a quota → how much. */
export type Amounts = Record<string, string>;

/** Kinds that have had a name of their own in quotas since before `count/…`. */
const COUNTED: Readonly<Record<string, ResourceId>> = {
  pods: 'pods',
  services: 'services',
  'services.nodeports': 'services',
  'services.loadbalancers': 'services',
  replicationcontrollers: 'replicationcontrollers',
  resourcequotas: 'resourcequotas',
  secrets: 'secrets',
  configmaps: 'configmaps',
  persistentvolumeclaims: 'persistentvolumeclaims',
  'requests.storage': 'persistentvolumeclaims',
};

/** The kind whose objects a resource of a quota counts. */
export function countedKind(resource: string): ResourceId {
  if (resource.startsWith('count/')) {
    const [plural = '', ...group] = resource.slice('count/'.length).split('.');
    return group.length > 0 ? `${group.join('.')}/${plural}` : plural;
  }
  if (resource.includes('.storageclass.storage.k8s.io/')) return 'persistentvolumeclaims';
  return COUNTED[resource] ?? 'pods';
}

/** What all objects of the quota's namespace use of what it limits. */
export function usedOf(quota: ResourceQuota, list: (resource: ResourceId) => KubeObject[]): Amounts {
  const hard = Object.keys(quota.spec?.hard ?? {}).sort();
  const counted = new Map<ResourceId, Amounts[]>();
  for (const id of new Set(hard.map(countedKind)))
    counted.set(
      id,
      list(id).map((object) => usageOf(id, object, quota)),
    );
  return Object.fromEntries(
    hard.map((name) => [name, sumOf((counted.get(countedKind(name)) ?? []).map((usage) => usage[name]))]),
  );
}

/** What one object uses of what the quota limits; empty for an object that it does not concern. */
export function usageOf(resource: ResourceId, object: KubeObject, quota: ResourceQuota): Amounts {
  const hard = Object.keys(quota.spec?.hard ?? {});
  if (!inScope(resource, object, quota.spec ?? {})) return {};
  const usage: Amounts = {};
  for (const name of hard) {
    if (countedKind(name) !== resource) continue;
    const amount = amountOf(name, resource, object);
    if (amount !== undefined) usage[name] = amount;
  }
  return usage;
}

function amountOf(name: string, resource: ResourceId, object: KubeObject): string | undefined {
  // An object is counted until it is gone, however it ended.
  if (name.startsWith('count/')) return '1';
  if (resource === 'pods') return isFinished(object as Pod) ? undefined : podAmount(name, object as Pod);
  if (resource === 'services') return serviceAmount(name, object as Service);
  if (resource === 'persistentvolumeclaims') return claimAmount(name, object);
  return '1';
}

function podAmount(name: string, pod: Pod): string | undefined {
  if (name === 'pods') return '1';
  const [, list = 'requests', resource = name] = /^(requests|limits)\.(.+)$/.exec(name) ?? [];
  return pod.spec && podTotal(pod.spec, list === 'limits' ? 'limits' : 'requests', resource);
}

/** Containers and sidecars together, or the hungriest init container if that is more. */
export function podTotal(spec: PodSpec, list: 'requests' | 'limits', name: string): string {
  const inits = spec.initContainers ?? [];
  const amount = ({ resources }: Container) => resources?.[list]?.[name];
  const together = sumOf([...spec.containers, ...inits.filter((c) => c.restartPolicy === 'Always')].map(amount));
  return inits.map(amount).reduce<string>((most, a) => {
    return quantityOf(a) > quantityOf(most) ? String(a) : most;
  }, together);
}

function serviceAmount(name: string, { spec }: Service): string | undefined {
  const nodePorts = (spec?.ports ?? []).filter((port) => (port as { nodePort?: number }).nodePort).length;
  switch (name) {
    case 'services':
      return '1';
    case 'services.loadbalancers':
      return spec?.type === 'LoadBalancer' ? '1' : undefined;
    case 'services.nodeports':
      return spec?.type === 'NodePort' || spec?.type === 'LoadBalancer' ? textOf(nodePorts) : undefined;
    default:
      return undefined;
  }
}

function claimAmount(name: string, claim: KubeObject): string | undefined {
  const { storageClassName = '', resources } = (claim.spec ?? {}) as {
    storageClassName?: string;
    resources?: { requests?: Resources };
  };
  const [, className, rest] = /^(.+)\.storageclass\.storage\.k8s\.io\/(.+)$/.exec(name) ?? [];
  if (className !== undefined && className !== storageClassName) return undefined;
  const wanted = rest ?? name;
  if (wanted === 'persistentvolumeclaims') return '1';
  return wanted === 'requests.storage' ? sumOf([resources?.requests?.storage]) : undefined;
}

function inScope(resource: ResourceId, object: KubeObject, { scopes = [], scopeSelector }: QuotaSpec): boolean {
  const expressions = scopeSelector?.matchExpressions ?? [];
  if (scopes.length + expressions.length === 0) return true;
  // Every scope but one speaks of pods, and that one of claims.
  if (resource !== 'pods') return false;
  const pod = object as Pod;
  return (
    scopes.every((scope) => holds(scope, pod)) &&
    expressions.every(({ scopeName, operator, values }) =>
      scopeName === 'PriorityClass'
        ? meets(pod.spec?.priorityClassName || undefined, operator, values)
        : holds(scopeName, pod) === (operator !== 'DoesNotExist'),
    )
  );
}

function holds(scope: string, { spec }: Pod): boolean {
  const deadline = (spec as { activeDeadlineSeconds?: number } | undefined)?.activeDeadlineSeconds;
  switch (scope) {
    case 'Terminating':
      return deadline !== undefined && deadline >= 0;
    case 'NotTerminating':
      return deadline === undefined;
    case 'BestEffort':
      return isBestEffort(spec);
    case 'NotBestEffort':
      return !isBestEffort(spec);
    case 'PriorityClass':
      return Boolean(spec?.priorityClassName);
    default:
      return false;
  }
}

function isBestEffort(spec: PodSpec | undefined): boolean {
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  return containers.every(({ resources }) =>
    ['cpu', 'memory'].every(
      (name) => !quantityOf(resources?.requests?.[name]) && !quantityOf(resources?.limits?.[name]),
    ),
  );
}
