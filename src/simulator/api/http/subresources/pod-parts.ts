// Parts of a running pod that are written by their own address: containers to debug it with, and its resources.
import { get } from '../objects.ts';
import { patchAs } from '../patch.ts';
import { writeOptions } from '../query-options.ts';
import { checkName, receivedObject } from '../received.ts';
import { objectReply } from '../represent.ts';
import { itself, ofCore, type Subresource } from './subresource.ts';

/** `kubectl debug` */
export const ephemeralContainers = partOfPod('ephemeralcontainers');

/** `kubectl patch --subresource resize` */
export const resize = partOfPod('resize');

function partOfPod(name: 'ephemeralcontainers' | 'resize'): Subresource {
  return {
    name,
    of: ofCore('pods'),
    answers: itself,
    get,
    async update(r) {
      const options = writeOptions(r, 'UpdateOptions');
      const object = await receivedObject(r);
      checkName(r, object);
      return objectReply(r, r.context.registry.update(r.resource, object, { ...options, subresource: name }));
    },
    patch: patchAs(name),
  };
}
