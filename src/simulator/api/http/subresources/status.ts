import { get } from '../objects.ts';
import { patchAs } from '../patch.ts';
import { writeOptions } from '../query-options.ts';
import { checkName, receivedObject } from '../received.ts';
import { objectReply } from '../represent.ts';
import { itself, type Subresource } from './subresource.ts';

export const status: Subresource = {
  name: 'status',
  of: (kind) => kind.subresources.includes('status'),
  answers: itself,
  get,
  async update(r) {
    const options = writeOptions(r, 'UpdateOptions');
    const object = await receivedObject(r);
    checkName(r, object);
    return objectReply(r, r.context.registry.update(r.resource, object, { ...options, subresource: 'status' }));
  },
  patch: patchAs('status'),
};
