// HorizontalPodAutoscaler is the one built-in kind whose two served versions differ in more than their name: v1 knows only
// the CPU.
import type { KubeObject } from '../../mesh/objects.ts';
import type { KindDefinition } from './kinds/built-in.ts';
import { isMap } from './patch-merge.ts';

const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
const CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions';
const CURRENT = 'autoscaling.alpha.kubernetes.io/current-metrics';
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior';

export function isAutoscaler({ group, kind }: Pick<KindDefinition, 'group' | 'kind'>): boolean {
  return group === 'autoscaling' && kind === 'HorizontalPodAutoscaler';
}

/** As v2: a percentage of the CPU becomes a metric, 80 when none is said. */
export function autoscalerFromV1(object: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: percentage, ...spec } = isMap(object.spec) ? object.spec : {};
  const { currentCPUUtilizationPercentage: current, ...status } = isMap(object.status) ? object.status : {};
  const {
    [METRICS]: others,
    [BEHAVIOR]: behavior,
    [CONDITIONS]: conditions,
    [CURRENT]: measured,
    ...annotations
  } = object.metadata.annotations ?? {};
  const cpu = cpuMetric({ target: { type: 'Utilization', averageUtilization: percentage ?? 80 } });
  const more = listIn(others);
  const known = isMap(object.status) && Object.keys(object.status).length > 0;
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    metadata: withAnnotations(object, annotations),
    spec: {
      ...spec,
      metrics: [...(percentage !== undefined || more.length === 0 ? [cpu] : []), ...more],
      ...(behavior && { behavior: parsed(behavior) }),
    },
    ...(known && {
      status: {
        ...status,
        conditions: listIn(conditions),
        currentMetrics: [
          ...(current === undefined ? [] : [cpuMetric({ current: { averageUtilization: current } })]),
          ...listIn(measured),
        ],
      },
    }),
  };
}

/** As v1: what it has no field for goes into annotations. */
export function autoscalerAsV1(object: KubeObject): KubeObject {
  const { metrics, behavior, ...spec } = isMap(object.spec) ? object.spec : {};
  const { conditions, currentMetrics, ...status } = isMap(object.status) ? object.status : {};
  const isCpu = (m: unknown) => isMap(m) && isMap(m.resource) && m.resource.name === 'cpu';
  const all: unknown[] = Array.isArray(metrics) ? metrics : [];
  const first = all.find((m) => isCpu(m) && utilizationOf(m, 'target') !== undefined);
  const measured: unknown[] = Array.isArray(currentMetrics) ? currentMetrics : [];
  const percentage = utilizationOf(first, 'target');
  const current = utilizationOf(measured.find(isCpu), 'current');
  const others = all.filter((m) => m !== first);
  const annotations = {
    ...object.metadata.annotations,
    ...(others.length > 0 && { [METRICS]: JSON.stringify(others) }),
    ...(behavior !== undefined && { [BEHAVIOR]: JSON.stringify(behavior) }),
    ...(Array.isArray(conditions) && conditions.length > 0 && { [CONDITIONS]: JSON.stringify(conditions) }),
    ...(measured.length > 0 && { [CURRENT]: JSON.stringify(measured) }),
  };
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    metadata: withAnnotations(object, annotations),
    spec: { ...spec, ...(percentage !== undefined && { targetCPUUtilizationPercentage: percentage }) },
    ...(isMap(object.status) && {
      status: { ...status, ...(current !== undefined && { currentCPUUtilizationPercentage: current }) },
    }),
  };
}

function cpuMetric(of: object): unknown {
  return { type: 'Resource', resource: { name: 'cpu', ...of } };
}

function utilizationOf(metric: unknown, side: 'target' | 'current'): unknown {
  if (!isMap(metric) || !isMap(metric.resource)) return undefined;
  const value = metric.resource[side];
  return isMap(value) ? value.averageUtilization : undefined;
}

function withAnnotations({ metadata }: KubeObject, annotations: Record<string, string>): KubeObject['metadata'] {
  const { annotations: _before, ...rest } = metadata;
  return Object.keys(annotations).length > 0 ? { ...rest, annotations } : rest;
}

function listIn(text: string | undefined): unknown[] {
  const value = parsed(text);
  return Array.isArray(value) ? value : [];
}

/** Annotations are the user's: what is no JSON is left out. */
function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
