// Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs, CronJobs, autoscalers and disruption budgets.
import { isMap } from '../patch-merge.ts';
import { checkLabels } from './metadata.ts';
import { checkPodSpec } from './pods.ts';
import type { Problems } from './problems.ts';
import { checkSelector } from './selectors.ts';
import { checkClaimSpec } from './storage.ts';
import { changed, list, oneOf } from './values.ts';

type Map = Record<string, unknown>;

const supportedStrategies: Record<string, string[]> = {
  Deployment: ['Recreate', 'RollingUpdate'],
  DaemonSet: ['OnDelete', 'RollingUpdate'],
  StatefulSet: ['OnDelete', 'RollingUpdate'],
};

/** What has a selector and a template of pods. */
export function checkWorkload(kind: string, spec: Map, before: Map | undefined, problems: Problems): void {
  if (kind === 'StatefulSet') checkManagement(spec.podManagementPolicy, problems.at('podManagementPolicy'));
  if (kind === 'StatefulSet') checkClaims(spec, before === undefined, problems);
  notNegative(spec, 'replicas', problems);
  checkOwnSelector(kind, spec, problems);
  if (before && JSON.stringify(before.selector) !== JSON.stringify(spec.selector) && kind !== 'StatefulSet')
    problems.at('selector').invalid(spec.selector, 'field is immutable');
  const template = isMap(spec.template) ? spec.template : {};
  checkTemplate(kind === 'StatefulSet' ? withOwn(template, spec) : template, problems.at('template'));
  if (kind === 'Deployment') checkDeployment(spec, problems);
  for (const field of ['minReadySeconds', 'revisionHistoryLimit']) notNegative(spec, field, problems);
  if (kind === 'StatefulSet' && before && changed(spec, before, openOfSets))
    problems.forbidden(
      "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    );
}

const openOfSets = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

/** The claims that each pod of a StatefulSet gets. */
function checkClaims(spec: Map, isNew: boolean, problems: Problems): void {
  const policy = isMap(spec.persistentVolumeClaimRetentionPolicy) ? spec.persistentVolumeClaimRetentionPolicy : {};
  const at = problems.at('persistentVolumeClaimRetentionPolicy');
  for (const field of ['whenDeleted', 'whenScaled']) oneOf(policy[field], ['Retain', 'Delete'], at.at(field));
  if (!isNew) return;
  list(spec.volumeClaimTemplates).forEach((claim, i) => {
    checkClaimSpec(isMap(claim.spec) ? claim.spec : {}, problems.at('volumeClaimTemplates', i, 'spec'));
  });
}

/** A StatefulSet's template as its pods will have it: with the volumes of their claims, and names that the set gives. */
function withOwn(template: Map, { volumeClaimTemplates }: Map): Map {
  const spec = isMap(template.spec) ? template.spec : {};
  const names = list(volumeClaimTemplates).map(({ metadata }) => (isMap(metadata) ? metadata.name : undefined));
  const own = names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const others = list(spec.volumes).filter(({ name }) => !names.includes(name));
  return { ...template, spec: { ...spec, hostname: '', subdomain: '', volumes: [...own, ...others] } };
}

function checkOwnSelector(kind: string, spec: Map, problems: Problems): void {
  const at = problems.at('selector');
  const { selector } = spec;
  const empty = isMap(selector) && Object.keys(selector).length === 0;
  if (!isMap(selector) && kind !== 'DaemonSet') at.required();
  else if (!checkSelector(selector, at)) {
    at.invalid(selector, 'invalid label selector');
    return;
  } else if (empty) {
    at.invalid(selector, `empty selector is invalid for ${kind.toLowerCase()}`);
    return;
  }
  const template = isMap(spec.template) ? spec.template : {};
  const labels = isMap(template.metadata) && isMap(template.metadata.labels) ? template.metadata.labels : undefined;
  if (!isMap(selector) || !selects(selector, labels ?? {}))
    problems.at('template', 'metadata', 'labels').invalid(labels, '`selector` does not match template `labels`');
}

function selects(selector: Map, labels: Map): boolean {
  const wanted = isMap(selector.matchLabels) ? selector.matchLabels : {};
  if (Object.entries(wanted).some(([key, value]) => labels[key] !== value)) return false;
  const expressions = Array.isArray(selector.matchExpressions) ? selector.matchExpressions.filter(isMap) : [];
  return expressions.every(({ key, operator, values }) => {
    const value = labels[String(key)];
    const listed = Array.isArray(values) && values.includes(value);
    if (operator === 'In') return listed;
    if (operator === 'NotIn') return !listed;
    return (value !== undefined) === (operator === 'Exists');
  });
}

function checkTemplate(template: Map, problems: Problems, supported: string[] = ['Always']): void {
  const metadata = isMap(template.metadata) ? template.metadata : {};
  checkLabels(metadata.labels, problems.at('metadata', 'labels'));
  const spec = isMap(template.spec) ? template.spec : {};
  checkPodSpec(spec, problems.at('spec'));
  const policy = spec.restartPolicy;
  if (
    policy !== undefined &&
    ['Always', 'OnFailure', 'Never'].includes(String(policy)) &&
    !supported.includes(String(policy))
  )
    problems.at('spec', 'restartPolicy').notSupported(policy, supported);
}

function checkDeployment(spec: Map, problems: Problems): void {
  const strategy = isMap(spec.strategy) ? spec.strategy : {};
  const at = problems.at('strategy');
  const supported = supportedStrategies.Deployment ?? [];
  if (!supported.includes(String(strategy.type)))
    at.notSupported({ Type: strategy.type, RollingUpdate: strategy.rollingUpdate ?? null }, supported);
  else if (strategy.type === 'Recreate' && isMap(strategy.rollingUpdate))
    at.at('rollingUpdate').forbidden("may not be specified when strategy `type` is 'Recreate'");
  else if (isMap(strategy.rollingUpdate)) {
    const { maxSurge, maxUnavailable } = strategy.rollingUpdate;
    const rolling = at.at('rollingUpdate');
    checkShare(maxUnavailable, rolling.at('maxUnavailable'));
    checkShare(maxSurge, rolling.at('maxSurge'));
    if (isZero(maxSurge) && isZero(maxUnavailable))
      rolling.at('maxUnavailable').invalid(maxUnavailable, 'may not be 0 when `maxSurge` is 0');
  }
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec;
  if (typeof deadline === 'number') {
    notNegative(spec, 'progressDeadlineSeconds', problems);
    if (deadline <= Number(minReadySeconds))
      problems.at('progressDeadlineSeconds').invalid(deadline, 'must be greater than minReadySeconds');
  }
}

const isZero = (share: unknown): boolean => share === 0 || share === '0%';

/** A number or a percentage. */
function checkShare(share: unknown, problems: Problems): void {
  if (typeof share === 'number' && share < 0) problems.invalid(share, 'must be greater than or equal to 0');
  if (typeof share !== 'string') return;
  if (!/^[0-9]+%$/.test(share))
    problems.invalid(
      share,
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
    );
  else if (Number(share.slice(0, -1)) > 100) problems.invalid(share, 'must not be greater than 100%');
}

function checkManagement(policy: unknown, problems: Problems): void {
  if (policy === undefined || policy === 'OrderedReady' || policy === 'Parallel') return;
  problems.invalid(policy, "must be 'OrderedReady' or 'Parallel'");
}

export function notNegative(spec: Map, field: string, problems: Problems): void {
  const value = spec[field];
  if (typeof value === 'number' && value < 0) problems.at(field).invalid(value, 'must be greater than or equal to 0');
}

export function checkJob(spec: Map, before: Map | undefined, problems: Problems): void {
  for (const field of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
  ])
    notNegative(spec, field, problems);
  const template = isMap(spec.template) ? spec.template : {};
  checkJobTemplate(template, problems.at('template'));
  if (!before) return;
  if (!sameTemplate(before.template, spec.template))
    problems.at('template').invalid(spec.template, 'field is immutable');
  for (const field of ['selector', 'completionMode'])
    if (JSON.stringify(before[field]) !== JSON.stringify(spec[field]))
      problems.at(field).invalid(spec[field], 'field is immutable');
}

/** A Job that has not begun may still be told where to run. */
function sameTemplate(before: unknown, after: unknown): boolean {
  const fixed = (template: unknown): string => {
    const spec = isMap(template) && isMap(template.spec) ? template.spec : {};
    const { nodeSelector: _selector, tolerations: _tolerations, affinity: _affinity, ...rest } = spec;
    return JSON.stringify(rest);
  };
  return fixed(before) === fixed(after);
}

function checkJobTemplate(template: Map, problems: Problems): void {
  const spec = isMap(template.spec) ? template.spec : {};
  checkPodSpec(spec, problems.at('spec'));
  const policy = spec.restartPolicy;
  if (policy === 'Always') problems.at('spec', 'restartPolicy').required('valid values: "OnFailure", "Never"');
}

export function checkCronJob(name: string, spec: Map, problems: Problems, root: Problems): void {
  if (name.length > 52) root.at('metadata', 'name').invalid(name, 'must be no more than 52 characters');
  const schedule = String(spec.schedule ?? '');
  if (schedule === '') problems.at('schedule').required();
  else if (!schedule.startsWith('@')) {
    const fields = schedule.trim().split(/\s+/);
    if (fields.length !== 5)
      problems
        .at('schedule')
        .invalid(schedule, `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  }
  if (typeof spec.timeZone === 'string' && !isTimeZone(spec.timeZone))
    problems.at('timeZone').invalid(spec.timeZone, `unknown time zone ${spec.timeZone}`);
  const job = isMap(spec.jobTemplate) && isMap(spec.jobTemplate.spec) ? spec.jobTemplate.spec : {};
  checkJob(job, undefined, problems.at('jobTemplate', 'spec'));
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

export function checkAutoscaler(spec: Map, problems: Problems): void {
  const { minReplicas = 1, maxReplicas = 0, scaleTargetRef } = spec;
  if (Number(minReplicas) < 1) problems.at('minReplicas').invalid(minReplicas, 'must be greater than or equal to 1');
  if (Number(maxReplicas) < 1) problems.at('maxReplicas').invalid(maxReplicas, 'must be greater than 0');
  if (Number(maxReplicas) < Number(minReplicas))
    problems.at('maxReplicas').invalid(maxReplicas, 'must be greater than or equal to `minReplicas`');
  const target = isMap(scaleTargetRef) ? scaleTargetRef : {};
  const at = problems.at('scaleTargetRef');
  if (!target.kind) at.at('kind').required();
  if (!target.name) at.at('name').required();
  if (!String(target.apiVersion ?? '').includes('/') && target.kind !== 'ReplicationController')
    at.at('apiVersion').invalid(target.apiVersion ?? '', 'apiVersion must specify API group');
}

export function checkBudget(spec: Map, problems: Problems): void {
  const { minAvailable, maxUnavailable } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    problems.invalid(
      {
        MinAvailable: minAvailable,
        Selector: spec.selector ?? null,
        MaxUnavailable: maxUnavailable,
        UnhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? null,
      },
      'minAvailable and maxUnavailable cannot be both set',
    );
  if (minAvailable !== undefined) checkShare(minAvailable, problems.at('minAvailable'));
  if (maxUnavailable !== undefined) checkShare(maxUnavailable, problems.at('maxUnavailable'));
  checkSelector(spec.selector, problems.at('selector'));
}
