// What is remembered of updates against the same updates recorded anew: a thousand objects, each changed some times.
import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createKindTable } from './kinds/kind-table.ts';
import { createKnownUpdates } from './known-updates.ts';
import type { Manager } from './managed-fields.ts';
import { createSchemas } from './schemas/schemas.ts';
import { recordUpdate } from './update-managers.ts';

const typed = createSchemas(createKindTable()).of({ apiVersion: 'v1', kind: 'Pod' }) ?? {
  schema: undefined,
  definitions: {},
};

test('the same, whether an update like it is known or not', () => {
  const random = randomFrom(7);
  const known = createKnownUpdates();
  for (let i = 0; i < 1_000; i++) {
    let object = pod(random);
    let managers = known(undefined, object, typed, { manager: 'a', time: '0' });
    expect(managers).toEqual(recordUpdate(undefined, object, typed, { manager: 'a', time: '0' }));
    for (let time = 1; time < 5; time++) {
      const next = changed(object, random);
      const before = { ...object, metadata: { ...object.metadata, managedFields: managers } };
      const subresource = random.of([{}, { subresource: 'status' }]);
      const options = { manager: random.of(['a', 'b', 'kubelet']), time: String(time), ...subresource };
      const expected: Manager[] = recordUpdate(before, next, typed, options);
      const found = known(before, next, typed, options);
      expect(found, JSON.stringify({ before, next, options })).toEqual(expected);
      // What was told, or the same as it comes from the disk.
      managers = random.of([found, found, found, structuredClone(found)]);
      object = next;
    }
  }
});

type Random = ReturnType<typeof randomFrom>;

/** mulberry32. */
function randomFrom(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    of: <T>(choices: readonly T[]): T => choices[Math.floor(next() * choices.length)] as T,
    /** A map that has each of these fields, or not. */
    some: (fields: Record<string, unknown>) => Object.fromEntries(Object.entries(fields).filter(() => next() < 0.5)),
  };
}

function changed(object: KubeObject, random: Random): KubeObject {
  const other = pod(random);
  const part = random.of(['metadata', 'spec', 'status', undefined]);
  if (part === undefined) return other;
  const next = { ...structuredClone(object), [part]: other[part] };
  if (next[part] === undefined) delete next[part];
  return next as KubeObject;
}

function pod({ of, some }: Random): KubeObject {
  const condition = (type: string) => ({ type, ...some({ status: of(['True', 'False']), reason: of(['a', 'b']) }) });
  const ports = [{ containerPort: of([80, 81]), protocol: of(['TCP', 'UDP']) }];
  const container = (name: string) => ({
    name,
    ...some({
      image: of(['a', 'b']),
      ports,
      args: of([[], ['a'], ['b']]),
      resources: of([{}, { limits: { cpu: '1' } }]),
    }),
  });
  const labels = of([{}, { a: '1' }, { a: '2', b: '1' }]);
  const finalizers = of([[], ['a'], ['a', 'b']]);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', ...some({ labels, finalizers }) },
    spec: some({
      nodeName: of(['x', 'y']),
      containers: of([['c'], ['c', 'd'], ['e'], ['d', 'f']]).map(container),
      securityContext: {},
    }),
    ...some({
      status: some({
        phase: of(['a', 'b']),
        conditions: of([['X'], ['X', 'Y'], []]).map(condition),
        podIPs: [{ ip: of(['1', '2', '3', '4']) }],
        hostIPs: [{ ip: of(['1', '2']) }],
      }),
    }),
  };
}

test('one may have a container of the name that another has in its place', () => {
  const known = createKnownUpdates();
  const options = { manager: 'a', time: '0' };
  for (const names of [
    ['d', 'f'],
    ['c', 'd'],
    ['f', 'c'],
    ['d', 'c'],
  ]) {
    const containers = names.map((name) => ({ name, ports: [{ containerPort: name.charCodeAt(0) }] }));
    const object: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers } };
    expect(known(undefined, object, typed, options)).toEqual(recordUpdate(undefined, object, typed, options));
  }
});

test('objects that are changed alike share their field sets, and those with an address of their own what is above it', () => {
  const known = createKnownUpdates();
  const [one, other] = ['1', '2'].map((ip) => {
    const metadata = { name: `p${ip}`, labels: { a: ip } };
    const object: KubeObject = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'c' }] } };
    const managedFields = known(undefined, object, typed, { manager: 'a', time: ip });
    const before = { ...object, metadata: { ...metadata, managedFields } };
    const status = { phase: 'Running', podIPs: [{ ip }] };
    return known(before, { ...before, status }, typed, { manager: 'kubelet', time: '3', subresource: 'status' });
  });
  expect(one?.map(({ manager, time }) => [manager, time])).toEqual([
    ['a', '1'],
    ['kubelet', '3'],
  ]);
  expect(other?.map(({ manager, time }) => [manager, time])).toEqual([
    ['a', '2'],
    ['kubelet', '3'],
  ]);
  expect(other?.[0]?.fieldsV1).toBe(one?.[0]?.fieldsV1);
  expect(other?.[1]?.fieldsV1['f:status']?.['f:podIPs']).toEqual({ '.': {}, 'k:{"ip":"2"}': { '.': {}, 'f:ip': {} } });
});
