import { describe, expect, test } from 'vitest';
import { always, bookinfo, engineOf, get, pod, SIDECAR, service } from '../fixtures.ts';
import type { KubeObject } from '../objects.ts';
import { expandGatewayApi } from './expand.ts';
import { apiGateway, apiObject, backend, FRONT } from './fixtures.ts';
import { parentStatuses } from './route-status.ts';

const db = [
  service('db', 9000, { ports: [{ name: 'tcp', port: 9000 }] }),
  pod('db', { app: 'db' }),
  service('other', 9000, { ports: [{ name: 'tcp', port: 9000 }] }),
  pod('other', { app: 'other' }),
];
const tcp = { name: 'tcp', port: 9000, protocol: 'TCP' };
const passing = (hostname: string) => ({
  name: hostname.replaceAll(/\W/g, '-'),
  port: 443,
  protocol: 'TLS',
  hostname,
  tls: { mode: 'Passthrough' },
});
const toDb = [{ backendRefs: [backend('db', { port: 9000 })] }];

const tcpRoute = (spec: Record<string, unknown>, name = 'db') =>
  apiObject('TCPRoute', name, { parentRefs: [{ name: 'front' }], rules: toDb, ...spec });
const tlsRoute = (spec: Record<string, unknown>, name = 'db') =>
  apiObject('TLSRoute', name, { parentRefs: [{ name: 'front' }], rules: toDb, ...spec });

function whither(objects: KubeObject[], port: number, serverName?: string): string {
  const request = { ...get(`http://${serverName ?? 'front'}:${port}/`), port, ...(serverName && { serverName }) };
  const { outcome } = engineOf(...db, ...objects).decide(FRONT, request, always(0));
  return outcome.kind === 'forward' ? `${outcome.tcp ? 'tcp ' : ''}${outcome.cluster}` : outcome.kind;
}

const DB = 'tcp outbound|9000||db.default.svc.cluster.local';

describe('a TCPRoute', () => {
  test('takes the connections of a TCP listener to its backend', () => {
    expect(whither([apiGateway('front', [tcp]), tcpRoute({})], 9000)).toBe(DB);
  });

  test('shares them by weight, and refuses them where all weights are 0', () => {
    const weighted = (one: number, other: number) => [
      {
        backendRefs: [backend('db', { port: 9000, weight: one }), backend('other', { port: 9000, weight: other })],
      },
    ];
    const front = apiGateway('front', [tcp]);
    expect(whither([front, tcpRoute({ rules: weighted(0, 1) })], 9000)).toContain('|other.');
    expect(whither([front, tcpRoute({ rules: weighted(1, 1) })], 9000)).toBe(DB);
    expect(whither([front, tcpRoute({ rules: weighted(0, 0) })], 9000)).toBe('refused');
  });

  test('does not attach to a listener for HTTP, and the status says so', () => {
    const { routes } = expandGatewayApi([...db, apiGateway(), tcpRoute({})]);
    const [status] = routes[0] ? parentStatuses(routes[0]) : [];
    expect(status?.conditions[0]).toMatchObject({ type: 'Accepted', status: 'False', reason: 'NotAllowedByListeners' });
  });

  test('a backend that is not there is told, and its connections are refused', () => {
    const objects = [apiGateway('front', [tcp]), tcpRoute({ rules: [{ backendRefs: [backend('none')] }] })];
    const { routes } = expandGatewayApi(objects);
    const [status] = routes[0] ? parentStatuses(routes[0]) : [];
    expect(status?.conditions[1]).toMatchObject({ type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound' });
    expect(whither(objects, 9000)).toBe('refused');
  });

  test('of a Service moves the connections of its clients, on its port only', () => {
    const parent = { group: '', kind: 'Service', name: 'other', port: 9000 };
    const objects = [...bookinfo(), ...db, tcpRoute({ parentRefs: [parent] })];
    const request = { ...get('http://other:9000/'), port: 9000 };
    expect(engineOf(...objects).decide(SIDECAR, request, always(0)).outcome).toMatchObject({
      cluster: 'outbound|9000||db.default.svc.cluster.local',
      tcp: true,
    });
  });

  test('steps point at what the student wrote', () => {
    const request = { ...get('http://front:9000/'), port: 9000 };
    const { steps } = engineOf(...db, apiGateway('front', [tcp]), tcpRoute({})).decide(FRONT, request, always(0));
    const sources = steps.flatMap((step) => step.source ?? []);
    expect(sources).toContainEqual({
      kind: 'TCPRoute',
      namespace: 'default',
      name: 'db',
      path: 'spec.rules[0].backendRefs[0]',
    });
  });
});

describe('a TLSRoute', () => {
  test('tells connections that pass by apart by their server names', () => {
    const front = apiGateway('front', [passing('*.example.com')]);
    const route = tlsRoute({ hostnames: ['db.example.com'] });
    expect(whither([front, route], 443, 'db.example.com')).toBe(DB);
    expect(whither([front, route], 443, 'other.example.com')).toBe('refused');
  });

  test('names that the listener does not take are left out', () => {
    const front = apiGateway('front', [passing('*.example.com')]);
    const route = tlsRoute({ hostnames: ['db.example.com', 'db.example.org'] });
    expect(whither([front, route], 443, 'db.example.org')).toBe('refused');
    expect(whither([front, route], 443, 'db.example.com')).toBe(DB);
  });

  test('without names takes those of its listener', () => {
    const front = apiGateway('front', [passing('*.example.com')]);
    expect(whither([front, tlsRoute({})], 443, 'any.example.com')).toBe(DB);
  });
});
