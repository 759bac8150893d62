import { expect, test } from 'vitest';
import type { KubeObject } from '../../../mesh/objects.ts';
import type { MeshFacts } from '../../mesh-facts.ts';
import { monitoringPort } from './monitoring-port.ts';

const object = (kind: string, name: string): KubeObject => ({ apiVersion: 'v1', kind, metadata: { name } });
const pod = object('Pod', 'istiod');
const mesh: MeshFacts = {
  pushed: () => ({
    version: 7,
    objects: [object('Service', 'a'), object('Service', 'b'), object('VirtualService', 'c')],
    meshConfig: {},
    rootNamespace: 'istio-system',
  }),
  proxies: () => [{ pod, role: 'sidecar', sent: 1, acked: 1, sentAt: 0 }],
  counters: () => new Map(),
  identityOf: () => undefined,
};

test('istiod counts the proxies that it serves and the objects that it has pushed', () => {
  const plane = {
    pod,
    version: '1.30.3',
    now: () => 0,
    mesh,
    subscribed: () => [],
    configDump: () => ({ configs: [] }),
  };
  const { status, body } = monitoringPort(plane, { method: 'GET', path: '/metrics', authority: 'x', headers: {} });
  expect(status).toBe(200);
  expect(
    String(body)
      .split('\n')
      .filter((line) => !line.startsWith('#')),
  ).toEqual([
    'istio_build{component="pilot",tag="1.30.3"} 1',
    'pilot_info{version="1.30.3"} 1',
    'pilot_xds{version="1.30.3"} 1',
    'pilot_services 2',
    'pilot_virt_services 1',
    'pilot_push_triggers{type="config"} 7',
    '',
  ]);
});
