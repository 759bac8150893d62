import { expect, test } from 'vitest';
import type { Outcome } from './decision.ts';
import type { MeshRequest } from './engine.ts';
import { always, bookinfo, engineOf, gateway, get, INGRESS, subsets, virtualService } from './fixtures.ts';
import type { KubeObject } from './objects.ts';

type Server = Record<string, unknown>;

const https = (hosts: string[], tls: unknown, name = 'https'): Server => ({
  port: { number: 443, name, protocol: 'HTTPS' },
  hosts,
  tls,
});
const simple = (credentialName: string) => ({ mode: 'SIMPLE', credentialName });
const asked = (name: string, servers: Server[], extra = {}) =>
  gateway(name, { selector: { istio: 'ingressgateway' }, servers }, extra);
const bound = (name: string, hosts: string[], spec: Record<string, unknown>) =>
  virtualService(name, { hosts, gateways: ['g'], ...spec });
const answering = (status: number) => ({ http: [{ directResponse: { status } }] });

function outcome(objects: KubeObject[], request: Partial<MeshRequest>): Outcome {
  const whole = { ...get('http://x:8443/'), ...request };
  return engineOf(...bookinfo(), ...objects).decide(INGRESS, whole, always(0)).outcome;
}

const ports = (...objects: KubeObject[]) => engineOf(...bookinfo(), ...objects).gatewayPorts(INGRESS);

test("a port tells how each of its servers ends TLS, with the target of the Service's port", () => {
  const servers = [
    https(['a.example'], { ...simple('cert-a'), minProtocolVersion: 'TLSV1_3' }, 'a'),
    https(['default/b.example'], { mode: 'MUTUAL', credentialName: 'cert-b', maxProtocolVersion: 'TLSV1_2' }, 'b'),
    https(['c.example'], { mode: 'PASSTHROUGH' }, 'c'),
    https(['d.example'], { mode: 'ISTIO_MUTUAL' }, 'd'),
  ];
  expect(ports(asked('g', servers))).toEqual([
    {
      port: 8443,
      protocol: 'https',
      servers: [
        { mode: 'simple', hosts: ['a.example'], credentialName: 'cert-a', minVersion: 'TLSv1.3', source: at(0) },
        { mode: 'mutual', hosts: ['b.example'], credentialName: 'cert-b', maxVersion: 'TLSv1.2', source: at(1) },
        { mode: 'passthrough', hosts: ['c.example'], source: at(2) },
        { mode: 'istio-mutual', hosts: ['d.example'], source: at(3) },
      ],
    },
  ]);
});

const at = (index: number) => ({ kind: 'Gateway', namespace: 'default', name: 'g', path: `spec.servers[${index}]` });

test('plain, TLS and TCP ports beside each other', () => {
  const servers = [
    { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] },
    { port: { number: 9000, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] },
    { port: { number: 9443, name: 'tls', protocol: 'TLS' }, hosts: ['*'], tls: simple('c') },
  ];
  expect(ports(asked('g', servers)).map(({ port, protocol }) => [port, protocol])).toEqual([
    [8080, 'http'],
    [9000, 'tcp'],
    [9443, 'tls'],
  ]);
});

test('the oldest server says what a port speaks, and whose a server name is', () => {
  const old = asked('old', [https(['a.example'], simple('first'))], { creationTimestamp: '2026-01-01T00:00:00Z' });
  const young = asked('young', [
    https(['a.example', 'b.example'], simple('second')),
    { port: { number: 443, name: 'plain', protocol: 'HTTP' }, hosts: ['*'] },
  ]);
  expect(ports(young, old)).toMatchObject([
    {
      port: 8443,
      protocol: 'https',
      servers: [
        { hosts: ['a.example'], credentialName: 'first' },
        { hosts: ['b.example'], credentialName: 'second' },
      ],
    },
  ]);
});

test('a server by the name of the TLS client; within it only its own hosts', () => {
  const servers = [https(['a.example'], simple('a'), 'a'), https(['*.example'], simple('b'), 'b')];
  const objects = [
    asked('g', servers),
    bound('a', ['a.example'], answering(291)),
    bound('b', ['b.example'], answering(292)),
  ];
  const asking = (serverName: string, authority = serverName) => outcome(objects, { serverName, authority });
  expect(asking('a.example')).toMatchObject({ status: 291 });
  expect(asking('b.example')).toMatchObject({ status: 292 });
  expect(asking('a.example', 'b.example')).toMatchObject({ status: 404, details: 'route_not_found' });
  expect(asking('other.test')).toEqual({ kind: 'refused' });
  // Who asks without a TLS client, to know what would be, is taken at his word for the host.
  expect(outcome(objects, { authority: 'b.example' })).toMatchObject({ status: 292 });
});

test('httpsRedirect sends plain requests to https with the Host as it is', () => {
  const server = { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'], tls: { httpsRedirect: true } };
  const decision = engineOf(...bookinfo(), asked('g', [server])).decide(
    INGRESS,
    { ...get('http://a.example:8080/x?q=1') },
    always(0),
  );
  expect(decision.outcome).toMatchObject({ status: 301, headers: { location: 'https://a.example:8080/x?q=1' } });
  expect(decision.steps).toContainEqual(
    expect.objectContaining({
      result: 'https-redirect',
      source: { ...at(0), path: 'spec.servers[0].tls.httpsRedirect' },
    }),
  );
});

test('TLS that passes by goes where `tls` rules say, by its server name', () => {
  const route = (host: string) => [{ destination: { host, port: { number: 9080 } } }];
  const objects = [
    asked('g', [https(['*.example'], { mode: 'PASSTHROUGH' })]),
    bound('v', ['a.example', 'b.example'], {
      tls: [
        { match: [{ port: 443, sniHosts: ['a.example'] }], route: route('details') },
        { match: [{ sniHosts: ['b.example'] }], route: route('ratings') },
        { match: [{ port: 444, sniHosts: ['c.example'] }], route: route('ratings') },
      ],
      http: [{ directResponse: { status: 299 } }],
    }),
  ];
  const to = (serverName: string) => outcome(objects, { serverName, authority: '', method: '', path: '' });
  expect(to('a.example')).toMatchObject({ kind: 'forward', tcp: true, service: { name: 'details' }, route: '-' });
  expect(to('b.example')).toMatchObject({ service: { name: 'ratings' } });
  expect(to('c.example')).toEqual({ kind: 'refused' });
});

test('TLS that ends here, and TCP, go where `tcp` rules say', () => {
  const servers = [
    { port: { number: 9443, name: 'tls', protocol: 'TLS' }, hosts: ['a.example'], tls: simple('c') },
    { port: { number: 9000, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] },
  ];
  const route = [{ destination: { host: 'details' } }];
  const objects = [asked('g', servers), bound('v', ['a.example'], { tcp: [{ match: [{ port: 9443 }], route }] })];
  expect(outcome(objects, { port: 9443, serverName: 'a.example' })).toMatchObject({ tcp: true });
  expect(outcome(objects, { port: 9000 })).toEqual({ kind: 'refused' });
  const both = [asked('g', servers), bound('v', ['*'], { tcp: [{ match: [{ port: 9000 }], route }] })];
  expect(outcome(both, { port: 9000 })).toMatchObject({
    tcp: true,
    // The only port of the Service, since a gateway's own is none of its.
    cluster: 'outbound|9080||details.default.svc.cluster.local',
  });
});

test('AUTO_PASSTHROUGH: the server name says which port of which Service, without a VirtualService', () => {
  const server = {
    port: { number: 443, name: 'tls', protocol: 'TLS' },
    hosts: ['*.local'],
    tls: { mode: 'AUTO_PASSTHROUGH' },
  };
  const objects = [asked('g', [server]), subsets('reviews', 'v1')];
  const to = (serverName: string) => outcome(objects, { serverName });
  expect(to('outbound_.9080_._.reviews.default.svc.cluster.local')).toMatchObject({
    kind: 'forward',
    cluster: 'outbound_.9080_._.reviews.default.svc.cluster.local',
    tcp: true,
  });
  const subset = to('outbound_.9080_.v1_.reviews.default.svc.cluster.local');
  expect(subset).toMatchObject({ kind: 'forward', subset: 'v1', endpoint: { pod: 'reviews-v1' } });
  for (const name of [
    'reviews.default.svc.cluster.local',
    'outbound_.1_._.reviews.default.svc.cluster.local',
    'outbound_.9080_.v9_.reviews.default.svc.cluster.local',
  ])
    expect(to(name)).toEqual({ kind: 'refused' });
});
