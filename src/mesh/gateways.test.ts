import { expect, test } from 'vitest';
import { always, bookinfo, engineOf, gateway, get, INGRESS, openGateway, subsets, virtualService } from './fixtures.ts';
import type { KubeObject } from './objects.ts';

const route = (host: string, subset?: string) => [{ destination: { host, ...(subset && { subset }) } }];
const bound = (name: string, spec: Record<string, unknown>, extra = {}) =>
  virtualService(
    name,
    { hosts: ['*'], gateways: ['bookinfo-gateway'], http: [{ route: route('productpage') }], ...spec },
    extra,
  );

function decide(objects: KubeObject[], url = 'http://anything:8080/productpage') {
  return engineOf(...bookinfo(), ...objects).decide(INGRESS, get(url), always(0)).outcome;
}

test('without a Gateway nothing listens', () => {
  expect(
    engineOf(...bookinfo())
      .gatewayPorts(INGRESS)
      .map((p) => p.port),
  ).toEqual([]);
  expect(decide([bound('b', {})])).toEqual({ kind: 'refused' });
});

test('a port of the gateway Service stands for its target: 80 and 8080 are the same listener', () => {
  for (const port of [80, 8080]) {
    const objects = [openGateway('bookinfo-gateway', port), bound('b', {})];
    expect(
      engineOf(...bookinfo(), ...objects)
        .gatewayPorts(INGRESS)
        .map((p) => p.port),
    ).toEqual([8080]);
    expect(decide(objects)).toMatchObject({ service: { name: 'productpage' }, route: '-' });
  }
  expect(
    engineOf(...bookinfo(), openGateway('g', 9000))
      .gatewayPorts(INGRESS)
      .map((p) => p.port),
  ).toEqual([9000]);
});

test('a Gateway whose selector is of other pods opens nothing', () => {
  const servers = [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }];
  expect(decide([gateway('bookinfo-gateway', { selector: { istio: 'other' }, servers }), bound('b', {})]).kind).toBe(
    'refused',
  );
});

test('a Gateway without VirtualService, or without a matching rule, answers 404 NR', () => {
  expect(decide([openGateway()])).toMatchObject({ status: 404, flags: ['NR'] });
  const http = [{ match: [{ uri: { exact: '/productpage' } }], route: route('productpage') }];
  expect(decide([openGateway(), bound('b', { http })], 'http://x:8080/health')).toMatchObject({
    status: 404,
    flags: ['NR'],
  });
});

test('a VirtualService that does not name the gateway has no effect on it', () => {
  const objects = [openGateway(), subsets('productpage', 'v1'), bound('b', {})];
  const mesh = virtualService('p', { hosts: ['productpage'], http: [{ route: route('productpage', 'v1') }] });
  expect(decide([...objects, mesh])).not.toHaveProperty('subset');
});

test('gateways are named in the same namespace or with one', () => {
  const elsewhere = (reference: string) =>
    bound(
      'b',
      { gateways: [reference], http: [{ route: route('productpage.default.svc.cluster.local') }] },
      { namespace: 'apps' },
    );
  expect(decide([openGateway(), elsewhere('bookinfo-gateway')])).toMatchObject({ status: 404 });
  expect(decide([openGateway(), elsewhere('default/bookinfo-gateway')]).kind).toBe('forward');
});

test('only hosts that both the server and the VirtualService name are served, port in Host ignored', () => {
  const objects = [
    openGateway('bookinfo-gateway', 8080, ['shop.example.com', '*.wild.org']),
    bound('b', { hosts: ['*'] }),
  ];
  const at = (authority: string) =>
    engineOf(...bookinfo(), ...objects).decide(INGRESS, { ...get('http://x:8080/'), authority }, always(0)).outcome
      .kind;
  expect(at('shop.example.com:31234')).toBe('forward');
  expect(at('a.wild.org')).toBe('forward');
  expect(at('other.example.com')).toBe('reply');
});

test('namespace/host limits where the VirtualService may live', () => {
  const objects = (host: string) => [openGateway('bookinfo-gateway', 8080, [host]), bound('b', {})];
  expect(decide(objects('default/*')).kind).toBe('forward');
  expect(decide(objects('./*')).kind).toBe('forward');
  expect(decide(objects('other/*'))).toMatchObject({ status: 404 });
});

test('VirtualServices of one host are merged, oldest first, what takes everything last', () => {
  const all = bound('a-all', { http: [{ route: route('details') }] });
  const page = bound('b-page', {
    http: [{ match: [{ uri: { prefix: '/productpage' } }], route: route('productpage') }],
  });
  const objects = [openGateway(), all, page];
  expect(decide(objects)).toMatchObject({ service: { name: 'productpage' } });
  expect(decide(objects, 'http://x:8080/other')).toMatchObject({ service: { name: 'details' } });
});

test('several Gateways share a port, each with the VirtualServices of its own', () => {
  const objects = [
    openGateway('one', 80, ['one.com']),
    openGateway('two', 8080, ['two.com']),
    bound('v1', { gateways: ['one'], http: [{ route: route('details') }] }),
    bound('v2', { gateways: ['two'], http: [{ route: route('ratings') }] }),
  ];
  const at = (authority: string) =>
    engineOf(...bookinfo(), ...objects).decide(INGRESS, { ...get('http://x:8080/'), authority }, always(0)).outcome;
  expect(at('one.com')).toMatchObject({ service: { name: 'details' } });
  expect(at('two.com')).toMatchObject({ service: { name: 'ratings' } });
});

test('the subset of the VirtualService bound to the gateway is obeyed', () => {
  const objects = [openGateway(), subsets('reviews', 'v3'), bound('b', { http: [{ route: route('reviews', 'v3') }] })];
  expect(decide(objects)).toMatchObject({ subset: 'v3', endpoint: { pod: 'reviews-v3' } });
});

test('httpsRedirect sends everything to https', () => {
  const servers = [
    { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'], tls: { httpsRedirect: true } },
  ];
  const objects = [gateway('g', { selector: { istio: 'ingressgateway' }, servers })];
  const { outcome } = engineOf(...bookinfo(), ...objects).decide(
    INGRESS,
    { ...get('http://x:8080/a?b=1'), authority: 'shop.org' },
    always(0),
  );
  expect(outcome).toMatchObject({ status: 301, headers: { location: 'https://shop.org/a?b=1' } });
});
