import type { KubeObject } from '../../../../mesh/objects.ts';
import { ApiError } from '../../errors.ts';
import { type LabelSelector, matchesSelector } from '../../label-selector.ts';
import { isMap } from '../body.ts';
import type { ResourceRequest } from '../context.ts';
import { existing } from '../objects.ts';
import { isDryRun } from '../query-options.ts';
import { decodedObject } from '../received.ts';
import { dataReply } from '../represent.ts';
import { successStatus } from '../status.ts';
import { ofCore, type Subresource } from './subresource.ts';

/** Deletion that respects PodDisruptionBudgets, as `kubectl drain` asks for it. */
export const eviction: Subresource = {
  name: 'eviction',
  of: ofCore('pods'),
  answers: () => ({ group: 'policy', version: 'v1', kind: 'Eviction' }),
  async create(r) {
    const body = await decodedObject(r);
    const options = isMap(body) && isMap(body.deleteOptions) ? body.deleteOptions : {};
    const listed = Array.isArray(options.dryRun) ? options.dryRun.map(String) : [];
    const dryRun = isDryRun([...r.request.query.getAll('dryRun'), ...listed], 'Eviction');
    const pod = existing(r);
    const budget = exhaustedBudget(r, pod);
    if (budget) throw tooManyRequests(budget);
    const grace = options.gracePeriodSeconds;
    r.context.registry.remove(r.resource, r.namespace, pod.metadata.name, {
      dryRun,
      ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
    });
    return dataReply(r, successStatus({}), 201);
  },
};

/** Pods that are finished may always go. */
function exhaustedBudget(r: ResourceRequest, pod: KubeObject): KubeObject | undefined {
  const phase = isMap(pod.status) ? pod.status.phase : undefined;
  if (phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending') return undefined;
  return r.context.registry.list('policy/poddisruptionbudgets', r.namespace).find((budget) => {
    const spec = isMap(budget.spec) ? budget.spec : {};
    const allowed = isMap(budget.status) ? Number(budget.status.disruptionsAllowed ?? 0) : 0;
    return matchesSelector(spec.selector as LabelSelector | undefined, pod.metadata.labels ?? {}) && allowed <= 0;
  });
}

function tooManyRequests(budget: KubeObject): ApiError {
  const status = isMap(budget.status) ? budget.status : {};
  const message = `The disruption budget ${budget.metadata.name} needs ${status.desiredHealthy ?? 0} healthy pods and has ${status.currentHealthy ?? 0} currently`;
  return new ApiError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message }],
  });
}
