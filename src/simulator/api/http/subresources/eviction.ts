import type { KubeObject } from '../../../../mesh/objects.ts';
import { ApiError } from '../../errors.ts';
import { type LabelSelector, matchesSelector } from '../../label-selector.ts';
import { isMap } from '../body.ts';
import type { ResourceRequest } from '../context.ts';
import { existing } from '../objects.ts';
import { isDryRun } from '../query-options.ts';
import { decodedObject } from '../received.ts';
import { dataReply } from '../represent.ts';
import { ofCore, type Subresource } from './subresource.ts';

const BUDGETS = 'policy/poddisruptionbudgets';

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
    if (!dryRun) spend(r, pod);
    const grace = options.gracePeriodSeconds;
    r.context.registry.remove(r.resource, r.namespace, pod.metadata.name, {
      dryRun,
      ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
    });
    return dataReply(r, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
  },
};

/** Pods that are finished, or have never run, may always go. */
function budgetsOf(r: ResourceRequest, pod: KubeObject): KubeObject[] {
  const phase = isMap(pod.status) ? pod.status.phase : undefined;
  if (pod.metadata.deletionTimestamp || phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending') return [];
  return r.context.registry.list(BUDGETS, r.namespace).filter(({ spec }) => {
    const selector = isMap(spec) ? (spec.selector as LabelSelector | undefined) : undefined;
    return selector !== undefined && matchesSelector(selector, pod.metadata.labels ?? {});
  });
}

function exhaustedBudget(r: ResourceRequest, pod: KubeObject): KubeObject | undefined {
  return budgetsOf(r, pod).find(({ status }) => (isMap(status) ? Number(status.disruptionsAllowed ?? 0) : 0) <= 0);
}

/** What was allowed is spent at once: the next eviction must not find the same allowance. */
function spend(r: ResourceRequest, pod: KubeObject): void {
  const now = new Date(r.context.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  for (const { metadata } of budgetsOf(r, pod)) {
    const change = (copy: KubeObject): void => {
      const status = isMap(copy.status) ? copy.status : {};
      const disrupted = isMap(status.disruptedPods) ? status.disruptedPods : {};
      copy.status = {
        ...status,
        disruptionsAllowed: Number(status.disruptionsAllowed ?? 0) - 1,
        disruptedPods: { ...disrupted, [pod.metadata.name]: now },
      };
    };
    r.context.registry.edit(BUDGETS, metadata.namespace, metadata.name, change, { subresource: 'status' });
  }
}

function tooManyRequests(budget: KubeObject): ApiError {
  const status = isMap(budget.status) ? budget.status : {};
  const message = `The disruption budget ${budget.metadata.name} needs ${status.desiredHealthy ?? 0} healthy pods and has ${status.currentHealthy ?? 0} currently`;
  return new ApiError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message }],
  });
}
