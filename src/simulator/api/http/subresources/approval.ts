// `kubectl certificate approve`: who may, says in the request's conditions that it is granted, or that it is not.
import type { KubeObject } from '../../../../mesh/objects.ts';
import { isMap } from '../body.ts';
import { get } from '../objects.ts';
import { patchAs } from '../patch.ts';
import { writeOptions } from '../query-options.ts';
import { checkName, receivedObject } from '../received.ts';
import { objectReply } from '../represent.ts';
import { itself, type Subresource } from './subresource.ts';

export const approval: Subresource = {
  name: 'approval',
  of: ({ group, plural }) => group === 'certificates.k8s.io' && plural === 'certificatesigningrequests',
  answers: itself,
  get,
  async update(r) {
    const options = writeOptions(r, 'UpdateOptions');
    const object = await receivedObject(r);
    checkName(r, object);
    dateVerdicts(object, `${new Date(r.context.clock.now()).toISOString().slice(0, 19)}Z`);
    return objectReply(r, r.context.registry.update(r.resource, object, { ...options, subresource: 'status' }));
  },
  patch: patchAs('status'),
};

/** Each verdict says since when. In place. */
function dateVerdicts({ status }: KubeObject, now: string): void {
  if (!isMap(status) || !Array.isArray(status.conditions)) return;
  for (const condition of status.conditions.filter(isMap)) {
    condition.lastUpdateTime ??= now;
    condition.lastTransitionTime ??= now;
  }
}
