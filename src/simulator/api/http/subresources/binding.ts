import { ApiError, conflict } from '../../errors.ts';
import { isMap } from '../body.ts';
import { existing, missing } from '../objects.ts';
import { writeOptions } from '../query-options.ts';
import { decodedObject } from '../received.ts';
import { dataReply } from '../represent.ts';
import { successStatus } from '../status.ts';
import { ofCore, type Subresource } from './subresource.ts';

/** How a scheduler other than ours gives a pod its node. */
export const binding: Subresource = {
  name: 'binding',
  of: ofCore('pods'),
  answers: () => ({ group: '', version: 'v1', kind: 'Binding' }),
  async create(r) {
    const options = { ...writeOptions(r, 'CreateOptions'), subresource: 'binding' } as const;
    const body = await decodedObject(r);
    const node = isMap(body) && isMap(body.target) ? body.target.name : undefined;
    if (typeof node !== 'string' || node === '') throw new ApiError(500, '', 'target.name: Required value');
    const pod = existing(r);
    const bound = isMap(pod.spec) ? pod.spec.nodeName : undefined;
    if (bound) {
      throw conflict(
        'pods/binding',
        pod.metadata.name,
        `pod ${pod.metadata.name} is already assigned to node "${bound}"`,
      );
    }
    const change = (copy: typeof pod): void => {
      copy.spec = { ...(isMap(copy.spec) ? copy.spec : {}), nodeName: node };
    };
    if (!r.context.registry.edit(r.resource, r.namespace, pod.metadata.name, change, options)) throw missing(r);
    return dataReply(r, successStatus({}), 201);
  },
};
