import { expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import { builtInKinds } from '../kinds/built-in.ts';
import { tableColumns } from './columns.ts';

const now = Date.parse('2026-01-01T00:02:00Z');

function cells(plural: string, object: Record<string, unknown>): unknown[] {
  const kind = builtInKinds.find((k) => k.plural === plural);
  if (!kind) throw new Error(plural);
  const metadata = { name: 'x', creationTimestamp: '2026-01-01T00:00:00Z' };
  const whole = { apiVersion: 'v1', kind: kind.kind, metadata, ...object } as KubeObject;
  return tableColumns(kind, 'v1').map((column) => column.of(whole, now));
}

test.each<[string, Record<string, unknown>, unknown[]]>([
  [
    'resourcequotas',
    { status: { hard: { pods: '5', 'limits.cpu': '2' }, used: { pods: '1', 'limits.cpu': '0' } } },
    ['x', 'pods: 1/5', 'limits.cpu: 0/2', '2m'],
  ],
  [
    'persistentvolumes',
    {
      spec: {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteOnce', 'ReadOnlyMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        claimRef: { namespace: 'a', name: 'b' },
        storageClassName: 'standard',
        volumeMode: 'Filesystem',
      },
      status: { phase: 'Bound' },
    },
    ['x', '1Gi', 'RWO,ROX', 'Retain', 'Bound', 'a/b', 'standard', '<unset>', '', '2m', 'Filesystem'],
  ],
  [
    'certificatesigningrequests',
    { spec: { signerName: 's', username: 'ana' }, status: { conditions: [{ type: 'Approved' }] } },
    ['x', '2m', 's', 'ana', '<none>', 'Approved'],
  ],
  [
    'validatingadmissionpolicybindings',
    { spec: { policyName: 'p', paramRef: { name: 'q' } } },
    ['x', 'p', '*/q', '2m'],
  ],
  [
    'apiservices',
    { spec: {}, status: { conditions: [{ type: 'Available', status: 'True' }] } },
    ['x', 'Local', 'True', '2m'],
  ],
  ['resourceclaims', { status: { allocation: {}, reservedFor: [{}] } }, ['x', 'allocated,reserved', '2m']],
  ['csinodes', { spec: { drivers: [{}, {}] } }, ['x', 2, '2m']],
  ['clusterroles', {}, ['x', '2026-01-01T00:00:00Z']],
])('%s', (plural, object, expected) => {
  expect(cells(plural, object)).toEqual(expected);
});

test('an object without anything in it has cells all the same, whatever its kind', () => {
  for (const { plural } of builtInKinds)
    for (const cell of cells(plural, { spec: {}, status: {} })) expect(cell).not.toBeUndefined();
});
