// Defaults: what the schema says, then what Kubernetes' own code adds per kind.
import type { KubeObject } from '../../../mesh/objects.ts';
import { copyOf } from '../../copy.ts';
import { isMap } from '../patch-merge.ts';
import { child, fill, maps } from './fill.ts';
import { setObjectDefaults } from './object-defaults.ts';
import { canonical, QUANTITY } from './quantities.ts';
import { resolve, type Schema } from './schema.ts';

type Map = Record<string, unknown>;

/** Fills missing fields in place: call it on a copy. */
export function setSchemaDefaults(
  value: unknown,
  declared: Schema | undefined,
  definitions: Record<string, Schema>,
): void {
  const schema = resolve(declared, definitions);
  if (!schema) return;
  if (Array.isArray(value)) {
    for (const item of value) setSchemaDefaults(item, schema.items, definitions);
    return;
  }
  if (!isMap(value)) return;
  for (const { key, fallback, nullable } of fallbacks(schema, definitions)) {
    // A null that may not be one is nothing, where something stands for nothing.
    if (value[key] === null && !nullable) delete value[key];
    // OpenAPI writes `default: {}` for every embedded struct, which means nothing.
    if (value[key] === undefined && !(isMap(fallback) && Object.keys(fallback).length === 0))
      value[key] = copyOf(fallback);
  }
  for (const key of schema.properties ? Object.keys(value) : []) {
    const property = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : undefined;
    if (!property) continue;
    if (property.$ref === QUANTITY) canonical(value, key);
    if (value[key] !== undefined) setSchemaDefaults(value[key], property, definitions);
  }
  if (typeof schema.additionalProperties === 'object') {
    const quantities = schema.additionalProperties.$ref === QUANTITY;
    for (const key of quantities ? Object.keys(value) : []) canonical(value, key);
    for (const each of quantities ? [] : Object.values(value))
      setSchemaDefaults(each, schema.additionalProperties, definitions);
  }
}

interface Fallback {
  key: string;
  fallback: unknown;
  nullable: boolean;
}

/** The fields that are given a value when they have none: few of a schema's many. */
function fallbacks(schema: Schema, definitions: Record<string, Schema>): readonly Fallback[] {
  const known = knownFallbacks.get(schema);
  if (known) return known;
  const found = Object.entries(schema.properties ?? {}).flatMap(([key, property]): Fallback[] => {
    const { default: fallback, nullable = false } = resolve(property, definitions) ?? {};
    return fallback === undefined ? [] : [{ key, fallback, nullable }];
  });
  knownFallbacks.set(schema, found);
  return found;
}

const knownFallbacks = new WeakMap<Schema, readonly Fallback[]>();

/** Fills what Kubernetes' Go code defaults and OpenAPI does not tell, in place. */
export function setKindDefaults(resource: string, object: KubeObject): void {
  setObjectDefaults(resource, object);
  if (resource === 'podtemplates') template(object as Map, object);
  const spec = object.spec;
  if (!isMap(spec)) return;
  kindDefaults[resource]?.(spec, object);
}

const kindDefaults: Record<string, (spec: Map, object: KubeObject) => void> = {
  pods(spec) {
    podSpec(spec);
    fill(spec, { enableServiceLinks: true });
  },
  services: service,
  'apps/deployments'(spec, object) {
    fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
    const strategy = child(spec, 'strategy');
    fill(strategy, { type: 'RollingUpdate' });
    if (strategy.type === 'RollingUpdate')
      fill(child(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' });
    template(spec, object);
  },
  replicationcontrollers(spec, object) {
    fill(spec, { replicas: 1 });
    // A zero that Go leaves out.
    if (spec.minReadySeconds === 0) delete spec.minReadySeconds;
    template(spec, object);
    const labels = isMap(spec.template) && isMap(spec.template.metadata) ? spec.template.metadata.labels : undefined;
    if (!isMap(labels)) return;
    if (!isMap(spec.selector) || Object.keys(spec.selector).length === 0) spec.selector = { ...labels };
    if (Object.keys(object.metadata.labels ?? {}).length === 0)
      object.metadata.labels = { ...(labels as Record<string, string>) };
  },
  limitranges(spec) {
    for (const item of Array.isArray(spec.limits) ? spec.limits.filter(isMap) : []) {
      if (item.type !== 'Container') continue;
      // What is left out follows from what is said: limits from the most, requests from the limits or the least.
      const given = (name: string): Map => (isMap(item[name]) ? item[name] : {});
      const limits = { ...given('max'), ...given('default') };
      const requests = { ...given('min'), ...limits, ...given('defaultRequest') };
      if (Object.keys(limits).length > 0) item.default = limits;
      if (Object.keys(requests).length > 0) item.defaultRequest = requests;
    }
  },
  'apps/replicasets'(spec, object) {
    fill(spec, { replicas: 1 });
    template(spec, object);
  },
  'apps/statefulsets'(spec, object) {
    fill(spec, { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: 'OrderedReady' });
    const strategy = child(spec, 'updateStrategy');
    fill(strategy, { type: 'RollingUpdate' });
    if (strategy.type === 'RollingUpdate') fill(child(strategy, 'rollingUpdate'), { partition: 0 });
    fill(child(spec, 'persistentVolumeClaimRetentionPolicy'), { whenDeleted: 'Retain', whenScaled: 'Retain' });
    for (const claim of maps(spec.volumeClaimTemplates)) {
      fill(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } });
      if (isMap(claim.spec)) fill(claim.spec, { volumeMode: 'Filesystem' });
    }
    template(spec, object);
  },
  'apps/daemonsets'(spec, object) {
    fill(spec, { revisionHistoryLimit: 10 });
    const strategy = child(spec, 'updateStrategy');
    fill(strategy, { type: 'RollingUpdate' });
    if (strategy.type === 'RollingUpdate') fill(child(strategy, 'rollingUpdate'), { maxUnavailable: 1, maxSurge: 0 });
    template(spec, object);
  },
  'batch/jobs'(spec, object) {
    fill(spec, {
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: 'TerminatingOrFailed',
      manualSelector: false,
    });
    if (spec.completions === undefined && spec.parallelism === undefined)
      fill(spec, { completions: 1, parallelism: 1 });
    fill(spec, { parallelism: 1 });
    template(spec, object);
  },
  'batch/cronjobs'(spec) {
    const job = child(child(spec, 'jobTemplate'), 'spec');
    fill(child(spec, 'jobTemplate'), { metadata: {} });
    if (isMap(job.template)) {
      fill(job.template, { metadata: {} });
      if (isMap(job.template.spec)) podSpec(job.template.spec);
    }
    fill(spec, {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
  },
  'autoscaling/horizontalpodautoscalers'(spec, object) {
    fill(spec, { minReplicas: 1 });
    const target = { type: 'Utilization', averageUtilization: 80 };
    if (object.apiVersion !== 'autoscaling/v1' && !(Array.isArray(spec.metrics) && spec.metrics.length > 0))
      spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
    if (!isMap(spec.behavior)) return;
    const percent = { type: 'Percent', value: 100, periodSeconds: 15 };
    const pods = { type: 'Pods', value: 4, periodSeconds: 15 };
    fill(child(spec.behavior, 'scaleUp'), {
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [pods, percent],
    });
    fill(child(spec.behavior, 'scaleDown'), { selectPolicy: 'Max', policies: [percent] });
  },
  namespaces(spec, object) {
    fill(spec, { finalizers: ['kubernetes'] });
    // Set again on every write: it cannot be anything else.
    object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
  },
  'networking.k8s.io/networkpolicies'(spec) {
    for (const rule of [...maps(spec.ingress), ...maps(spec.egress)])
      for (const port of maps(rule.ports)) fill(port, { protocol: 'TCP' });
    const egress = Array.isArray(spec.egress) && spec.egress.length > 0;
    fill(spec, { policyTypes: egress ? ['Ingress', 'Egress'] : ['Ingress'] });
  },
  persistentvolumeclaims: (spec) => fill(spec, { volumeMode: 'Filesystem' }),
  persistentvolumes(spec) {
    fill(spec, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
    if (isMap(spec.hostPath)) fill(spec.hostPath, { type: '' });
  },
};

function template(spec: Map, object: KubeObject): void {
  if (!isMap(spec.template) || !isMap(spec.template.spec)) return;
  podSpec(spec.template.spec);
  const labels = isMap(spec.template.metadata) ? spec.template.metadata.labels : undefined;
  if (spec.selector === undefined && isMap(labels) && object.kind === 'ReplicaSet')
    spec.selector = { matchLabels: { ...labels } };
}

function podSpec(spec: Map): void {
  const grace = spec.terminationGracePeriodSeconds;
  if (typeof grace === 'number' && grace < 0) spec.terminationGracePeriodSeconds = 1;
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    securityContext: {},
  });
  if (typeof spec.serviceAccountName === 'string') fill(spec, { serviceAccount: spec.serviceAccountName });
  else if (typeof spec.serviceAccount === 'string') fill(spec, { serviceAccountName: spec.serviceAccount });
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'])
    for (const c of maps(spec[list])) container(c, spec.hostNetwork === true);
  for (const volume of maps(spec.volumes)) volumeDefaults(volume);
}

function container(c: Map, hostNetwork: boolean): void {
  const image = typeof c.image === 'string' ? c.image : '';
  const tag = image.includes('@') ? 'digest' : (/:([^/:]+)$/.exec(image)?.[1] ?? 'latest');
  fill(c, {
    imagePullPolicy: tag === 'latest' ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {},
  });
  for (const port of maps(c.ports)) {
    fill(port, { protocol: 'TCP' });
    if (hostNetwork) fill(port, { hostPort: port.containerPort });
  }
  for (const variable of maps(c.env)) {
    if (variable.value === '') delete variable.value;
    if (isMap(variable.valueFrom) && isMap(variable.valueFrom.fieldRef))
      fill(variable.valueFrom.fieldRef, { apiVersion: 'v1' });
    if (isMap(variable.valueFrom) && isMap(variable.valueFrom.resourceFieldRef))
      fill(variable.valueFrom.resourceFieldRef, { divisor: '0' });
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = c[name];
    if (!isMap(probe)) continue;
    fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
    if (isMap(probe.httpGet)) fill(probe.httpGet, { path: '/', scheme: 'HTTP' });
  }
  const resources = c.resources;
  if (isMap(resources) && isMap(resources.limits)) fill(child(resources, 'requests'), resources.limits);
}

function volumeDefaults(volume: Map): void {
  const known = ['configMap', 'secret', 'projected', 'downwardAPI'];
  for (const name of known) {
    const source = volume[name];
    if (isMap(source)) fill(source, { defaultMode: 420 });
  }
  if (isMap(volume.projected)) {
    for (const source of maps(volume.projected.sources)) {
      if (isMap(source.serviceAccountToken)) fill(source.serviceAccountToken, { expirationSeconds: 3600 });
      if (isMap(source.downwardAPI)) fieldRefs(source.downwardAPI);
    }
  }
  if (isMap(volume.downwardAPI)) fieldRefs(volume.downwardAPI);
  if (isMap(volume.hostPath)) fill(volume.hostPath, { type: '' });
  if (Object.keys(volume).length === 1) volume.emptyDir = {};
}

function fieldRefs(source: Map): void {
  for (const item of maps(source.items)) if (isMap(item.fieldRef)) fill(item.fieldRef, { apiVersion: 'v1' });
}

function service(spec: Map): void {
  if (spec.sessionAffinity === 'ClientIP') {
    const client = child(child(spec, 'sessionAffinityConfig'), 'clientIP');
    fill(client, { timeoutSeconds: 10_800 });
  }
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  if (spec.type !== 'ExternalName') fill(spec, { internalTrafficPolicy: 'Cluster' });
  if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') fill(spec, { externalTrafficPolicy: 'Cluster' });
  if (spec.type === 'LoadBalancer') fill(spec, { allocateLoadBalancerNodePorts: true });
  for (const port of maps(spec.ports)) {
    fill(port, { protocol: 'TCP' });
    // Zero is nothing, too.
    if (port.targetPort === 0 || port.targetPort === '') delete port.targetPort;
    fill(port, { targetPort: port.port });
  }
}
