// What a pod's spec must be, in a Pod or in a template.
import { isMap } from '../patch-merge.ts';
import { checkContainers } from './containers.ts';
import { checkLabels, complain } from './metadata.ts';
import { dnsLabel, qualifiedName } from './names.ts';
import type { Problems } from './problems.ts';
import { checkSelector } from './selectors.ts';
import { checkUser, list, most, oneOf } from './values.ts';
import { checkVolumes } from './volumes.ts';

type Map = Record<string, unknown>;

/** The names of its volumes. */
export function checkPodSpec(spec: Map, problems: Problems): Set<string> {
  const volumes = checkVolumes(spec.volumes, problems.at('volumes'));
  checkContainers(spec, volumes, problems);
  oneOf(spec.restartPolicy, ['Always', 'OnFailure', 'Never'], problems.at('restartPolicy'));
  oneOf(spec.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'], problems.at('dnsPolicy'));
  checkLabels(spec.nodeSelector, problems.at('nodeSelector'));
  if (isMap(spec.securityContext)) checkUser(spec.securityContext, problems.at('securityContext'));
  if (isMap(spec.affinity)) checkAffinity(spec.affinity, problems.at('affinity'));
  for (const field of ['hostname', 'subdomain'])
    if (spec[field]) complain(problems.at(field), spec[field], dnsLabel(String(spec[field])));
  list(spec.tolerations).forEach((toleration, i) => {
    checkToleration(toleration, problems.at('tolerations', i));
  });
  const deadline = spec.activeDeadlineSeconds;
  if (typeof deadline === 'number' && (deadline < 1 || deadline > most))
    problems.at('activeDeadlineSeconds').invalid(deadline, `must be between 1 and ${most}, inclusive`);
  return volumes;
}

function checkToleration(toleration: Map, problems: Problems): void {
  const { key, operator, value, effect, tolerationSeconds } = toleration;
  if (key) complain(problems.at('key'), key, qualifiedName(String(key)));
  else if (operator !== 'Exists')
    problems
      .at('operator')
      .invalid(
        operator ?? '',
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      );
  if (tolerationSeconds !== undefined && tolerationSeconds !== null && effect !== 'NoExecute')
    problems.at('effect').invalid(effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set");
  if (operator === 'Exists') {
    if (value) problems.at('operator').invalid(value, "value must be empty when `operator` is 'Exists'");
  } else oneOf(operator === '' ? undefined : operator, ['Equal', 'Exists'], problems.at('operator'));
  oneOf(effect === '' ? undefined : effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute'], problems.at('effect'));
}

function checkAffinity(affinity: Map, problems: Problems): void {
  for (const field of ['podAffinity', 'podAntiAffinity']) {
    const rules = affinity[field];
    if (!isMap(rules)) continue;
    const at = problems.at(field);
    list(rules.requiredDuringSchedulingIgnoredDuringExecution).forEach((term, i) => {
      checkTerm(term, at.at('requiredDuringSchedulingIgnoredDuringExecution', i));
    });
    list(rules.preferredDuringSchedulingIgnoredDuringExecution).forEach((preferred, i) => {
      const where = at.at('preferredDuringSchedulingIgnoredDuringExecution', i);
      checkWeight(preferred.weight, where);
      if (isMap(preferred.podAffinityTerm)) checkTerm(preferred.podAffinityTerm, where.at('podAffinityTerm'));
    });
  }
  const { nodeAffinity } = affinity;
  if (!isMap(nodeAffinity)) return;
  list(nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution).forEach((preferred, i) => {
    checkWeight(preferred.weight, problems.at('nodeAffinity', 'preferredDuringSchedulingIgnoredDuringExecution', i));
  });
}

function checkWeight(weight: unknown, problems: Problems): void {
  if (typeof weight !== 'number' || weight < 1 || weight > 100)
    problems.at('weight').invalid(weight ?? 0, 'must be in the range 1-100');
}

function checkTerm(term: Map, problems: Problems): void {
  checkSelector(term.labelSelector, problems.at('labelSelector'));
  const key = String(term.topologyKey ?? '');
  if (key === '') problems.at('topologyKey').required('can not be empty');
  complain(problems.at('topologyKey'), key, qualifiedName(key));
}
