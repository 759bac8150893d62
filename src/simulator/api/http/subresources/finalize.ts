import { writeOptions } from '../query-options.ts';
import { checkName, receivedObject } from '../received.ts';
import { objectReply } from '../represent.ts';
import { itself, ofCore, type Subresource } from './subresource.ts';

/** How a namespace controller, or a person with a stuck namespace, takes away its finalizers. */
export const finalize: Subresource = {
  name: 'finalize',
  of: ofCore('namespaces'),
  answers: itself,
  async update(r) {
    const options = writeOptions(r, 'UpdateOptions');
    const object = await receivedObject(r);
    checkName(r, object);
    return objectReply(r, r.context.registry.update(r.resource, object, options));
  },
};
