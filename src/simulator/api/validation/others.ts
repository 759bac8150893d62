// Configuration, permissions, storage, quotas and the other small kinds.
import type { KubeObject } from '../../../mesh/objects.ts';
import { parseQuantity } from '../../../mesh/quantity.ts';
import { isMap } from '../patch-merge.ts';
import { complain } from './metadata.ts';
import { configKey, qualifiedName } from './names.ts';
import type { Problems } from './problems.ts';
import { list } from './values.ts';

type Map = Record<string, unknown>;

const mostData = 1024 * 1024;

export function checkConfigMap(object: KubeObject, before: KubeObject | undefined, problems: Problems): void {
  const [data, binary] = [mapOf(object.data), mapOf(object.binaryData)];
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    complain(problems.at('data').key(key), key, configKey(key));
    if (key in binary) problems.at('data').key(key).invalid(key, 'duplicate of key present in binaryData');
    size += Buffer.byteLength(String(value));
  }
  for (const [key, value] of Object.entries(binary)) {
    complain(problems.at('binaryData').key(key), key, configKey(key));
    size += Math.floor((String(value).length * 3) / 4);
  }
  if (size > mostData) problems.at('[]').tooLong(mostData);
  checkImmutable(object, before, ['data', 'binaryData'], problems);
}

export function checkSecret(object: KubeObject, before: KubeObject | undefined, problems: Problems): void {
  const data = { ...mapOf(object.data), ...mapOf(object.stringData) };
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    complain(problems.at('data').key(key), key, configKey(key));
    size += String(value).length;
  }
  if (size > mostData * 1.34) problems.at('data').tooLong(mostData);
  for (const key of requiredKeys[String(object.type)] ?? [])
    if (!(key in data)) problems.at('data').key(key).required();
  const type = object.type ?? 'Opaque';
  if (before && type !== (before.type ?? 'Opaque')) problems.at('type').invalid(type, 'field is immutable');
  checkImmutable(object, before, ['data'], problems);
}

const requiredKeys: Record<string, string[]> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
};

function checkImmutable(
  object: KubeObject,
  before: KubeObject | undefined,
  fields: string[],
  problems: Problems,
): void {
  if (before?.immutable !== true) return;
  const detail = 'field is immutable when `immutable` is set';
  if (object.immutable !== true) problems.at('immutable').forbidden(detail);
  for (const field of fields)
    if (JSON.stringify(object[field] ?? {}) !== JSON.stringify(before[field] ?? {}))
      problems.at(field).forbidden(detail);
}

export function checkRules(rules: unknown, namespaced: boolean, problems: Problems): void {
  list(rules).forEach(({ verbs, nonResourceURLs, resources, apiGroups }, i) => {
    const at = problems.at('rules', i);
    if (!Array.isArray(verbs) || verbs.length === 0) at.at('verbs').required('verbs must contain at least one value');
    if (Array.isArray(nonResourceURLs) && nonResourceURLs.length > 0) {
      if (namespaced)
        at.at('nonResourceURLs').invalid(nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs');
      return;
    }
    if (!Array.isArray(apiGroups) || apiGroups.length === 0)
      at.at('apiGroups').required('resource rules must supply at least one api group');
    if (!Array.isArray(resources) || resources.length === 0)
      at.at('resources').required('resource rules must supply at least one resource');
  });
}

export function checkBinding(object: KubeObject, before: KubeObject | undefined, problems: Problems): void {
  const role = mapOf(object.roleRef);
  if (before && JSON.stringify(role) !== JSON.stringify(mapOf(before.roleRef))) {
    const shown = { APIGroup: role.apiGroup ?? '', Kind: role.kind ?? '', Name: role.name ?? '' };
    problems.at('roleRef').invalid(shown, 'cannot change roleRef');
  }
  list(object.subjects).forEach(({ kind, name }, i) => {
    const at = problems.at('subjects', i);
    if (!name) at.at('name').required();
    if (!['ServiceAccount', 'User', 'Group'].includes(String(kind)))
      at.at('kind').notSupported(kind ?? '', ['ServiceAccount', 'User', 'Group']);
  });
}

const quotaNames =
  /^(cpu|memory|ephemeral-storage|storage|pods|services|services\.(loadbalancers|nodeports)|replicationcontrollers|resourcequotas|secrets|configmaps|persistentvolumeclaims|(requests|limits)\.[\w./-]+|hugepages-\w+|count\/.+)$/;

export function checkQuota(spec: Map, problems: Problems): void {
  for (const [name, value] of Object.entries(mapOf(spec.hard))) {
    const at = problems.at('hard').key(name);
    complain(at, name, qualifiedName(name));
    if (!name.includes('/') && !quotaNames.test(name)) at.invalid(name, 'must be a standard resource for quota');
    if ((parseQuantity(value) ?? 0) < 0) at.invalid(String(value), 'must be greater than or equal to 0');
  }
}

export function checkLimits(spec: Map, problems: Problems): void {
  list(spec.limits).forEach((limit, i) => {
    const at = problems.at('limits', i);
    const [least, most] = [mapOf(limit.min), mapOf(limit.max)];
    const [request, given] = [mapOf(limit.defaultRequest), mapOf(limit.default)];
    const below = (a: unknown, b: unknown): boolean =>
      a !== undefined && b !== undefined && (parseQuantity(a) ?? 0) < (parseQuantity(b) ?? 0);
    for (const name of new Set([least, most, request, given].flatMap((m) => Object.keys(m)))) {
      const [min, max, asked, usual] = [least[name], most[name], request[name], given[name]];
      if (below(max, min))
        at.at('min').key(name).invalid(String(min), `min value ${min} is greater than max value ${max}`);
      if (below(asked, min))
        at.at('defaultRequest')
          .key(name)
          .invalid(String(asked), `min value ${min} is greater than default request value ${asked}`);
      if (below(max, asked))
        at.at('defaultRequest')
          .key(name)
          .invalid(String(asked), `default request value ${asked} is greater than max value ${max}`);
      if (below(usual, asked))
        at.at('defaultRequest')
          .key(name)
          .invalid(String(asked), `default request value ${asked} is greater than default limit value ${usual}`);
      if (below(usual, min))
        at.at('default').key(name).invalid(String(min), `min value ${min} is greater than default value ${usual}`);
      if (below(max, usual))
        at.at('default').key(name).invalid(String(usual), `default value ${usual} is greater than max value ${max}`);
    }
  });
}

export function checkLease(spec: Map, problems: Problems): void {
  const { leaseDurationSeconds: seconds } = spec;
  if (typeof seconds === 'number' && seconds <= 0)
    problems.at('leaseDurationSeconds').invalid(seconds, 'must be greater than 0');
}

export function checkPriorityClass(object: KubeObject, before: KubeObject | undefined, problems: Problems): void {
  const system = object.metadata.name.startsWith('system-');
  if (!system && Number(object.value ?? 0) > 1_000_000_000)
    problems.at('value').forbidden('maximum allowed value of a user defined priority is 1000000000');
  if (!before) return;
  for (const field of ['value', 'preemptionPolicy'])
    if ((object[field] ?? '') !== (before[field] ?? ''))
      problems.at(field).forbidden(field === 'value' ? 'may not be changed in an update.' : 'field is immutable');
}

export function checkWebhooks(object: KubeObject, problems: Problems): void {
  list(object.webhooks).forEach(({ name, sideEffects, admissionReviewVersions }, i) => {
    const at = problems.at('webhooks', i);
    if (String(name ?? '').split('.').length < 3)
      at.at('name').invalid(name ?? '', 'should be a domain with at least three segments separated by dots');
    if (sideEffects === undefined) at.at('sideEffects').required('must specify one of None, NoneOnDryRun');
    if (!Array.isArray(admissionReviewVersions) || admissionReviewVersions.length === 0)
      at.at('admissionReviewVersions').required('must specify one of v1, v1beta1');
  });
}

const mapOf = (value: unknown): Map => (isMap(value) ? value : {});
