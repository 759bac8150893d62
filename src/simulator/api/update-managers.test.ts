import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { copyOf } from '../copy.ts';
import { recordUpdate as recordWhole } from './apply.ts';
import { createKindTable } from './kinds/kind-table.ts';
import type { Typed } from './managed-fields.ts';
import { createSchemas } from './schemas/schemas.ts';
import { recordUpdate } from './update-managers.ts';

const typed: Typed = createSchemas(createKindTable()).of({ apiVersion: 'v1', kind: 'Pod' }) ?? {
  schema: undefined,
  definitions: {},
};
const options = (manager: string, subresource?: string) => ({
  manager,
  time: '2026-03-01T10:00:00Z',
  ...(subresource && { subresource }),
});

function pod(): KubeObject {
  const made: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a', namespace: 'default', labels: { app: 'a' }, resourceVersion: '5' },
    spec: {
      nodeName: 'x',
      containers: [{ name: 'c', image: 'i', env: [{ name: 'A', value: 'b' }], ports: [{ containerPort: 80 }] }],
      tolerations: [{ key: 'k' }],
    },
  };
  made.metadata.managedFields = recordWhole(undefined, made, typed, options('kubectl'));
  return made;
}

const condition = (type: string, status: string) => ({ type, status, lastTransitionTime: '2026-03-01T10:00:00Z' });
const writes: Record<string, (o: KubeObject) => void> = {
  'a status': (o) => {
    o.status = { phase: 'Running', conditions: [condition('Ready', 'False'), condition('Initialized', 'True')] };
  },
  'a part of a status': (o) => {
    o.status = { ...(o.status as object), conditions: [condition('Ready', 'True'), condition('Initialized', 'True')] };
  },
  'a condition less': (o) => {
    o.status = { ...(o.status as object), conditions: [condition('Ready', 'False')] };
  },
  'an emptied status': (o) => {
    o.status = {};
  },
  'a field of others': (o) => Object.assign(o.spec as object, { nodeName: 'y' }),
  'a new field': (o) => Object.assign(o.spec as object, { hostname: 'h', nodeSelector: { a: 'b' } }),
  'a field less': (o) => Reflect.deleteProperty(o.spec as object, 'nodeName'),
  'a list': (o) =>
    Object.assign(o.spec as object, {
      containers: [
        { name: 'c', image: 'j' },
        { name: 'd', image: 'k' },
      ],
    }),
  'a label': (o) => Object.assign(o.metadata, { labels: { app: 'b', more: 'c' } }),
  'an annotation, the first': (o) => Object.assign(o.metadata, { annotations: { a: 'b' } }),
  'labels less': (o) => Reflect.deleteProperty(o.metadata, 'labels'),
  'a part less': (o) => Reflect.deleteProperty(o, 'spec'),
  'the version': (o) => Object.assign(o.metadata, { resourceVersion: '6' }),
};

test.each(Object.keys(writes))('%s is recorded as if the whole object were looked at', (name) => {
  const before = pod();
  const first = copyOf(before);
  writes['a status']?.(first);
  first.metadata.managedFields = recordWhole(before, first, typed, options('kubelet', 'status'));
  const after = copyOf(first);
  writes[name]?.(after);
  for (const who of [options('kubectl'), options('other'), options('kubelet', 'status')])
    expect(recordUpdate(first, after, typed, who)).toEqual(recordWhole(first, after, typed, who));
});
