import { expect, test } from 'vitest';
import { analyze } from './analysis.ts';
import { bookinfo, destinationRule, openGateway, pod, service, subsets, virtualService } from './fixtures.ts';
import type { KubeObject } from './objects.ts';

const namespace = (name: string, labels = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});
const ingressPod = pod('ingress', { app: 'istio-ingressgateway', istio: 'ingressgateway' }, {}, 'istio-system');

function findings(...objects: KubeObject[]) {
  return analyze([...bookinfo(), ingressPod, ...objects]).map((f) => [f.level, f.code, f.object.path, f.text]);
}

const to = (host: string, subset?: string, port?: number) => ({
  route: [{ destination: { host, ...(subset && { subset }), ...(port && { port: { number: port } }) } }],
});
const ofReviews = (...http: unknown[]) => virtualService('reviews', { hosts: ['reviews'], http });

test('Bookinfo with its Gateway and subsets has nothing to say', () => {
  const bound = virtualService('bookinfo', {
    hosts: ['*'],
    gateways: ['bookinfo-gateway'],
    http: [to('productpage', undefined, 9080)],
  });
  expect(findings(openGateway(), bound, subsets('reviews', 'v1', 'v2', 'v3'), ofReviews(to('reviews', 'v1')))).toEqual(
    [],
  );
});

test('IST0101: host, host+subset, host:port, mirror host, gateway, selector', () => {
  const at = 'spec.http[0].route[0].destination';
  expect(findings(ofReviews(to('nosuch')))).toEqual([
    ['Error', 'IST0101', `${at}.host`, 'Referenced host not found: "nosuch"'],
  ]);
  expect(findings(ofReviews(to('reviews', 'v9')))).toEqual([
    ['Error', 'IST0101', `${at}.subset`, 'Referenced host+subset in destinationrule not found: "reviews+v9"'],
  ]);
  expect(findings(ofReviews(to('reviews', undefined, 99)))).toEqual([
    ['Error', 'IST0101', `${at}.port.number`, 'Referenced host:port not found: "reviews:99"'],
  ]);
  expect(findings(ofReviews({ ...to('reviews'), mirrors: [{ destination: { host: 'copy' } }] }))).toEqual([
    ['Error', 'IST0101', 'spec.http[0].mirrors[0].destination.host', 'Referenced mirror host not found: "copy"'],
  ]);
  const lost = virtualService('b', { hosts: ['*'], gateways: ['nogw'], http: [to('reviews')] });
  expect(findings(lost)).toEqual([
    ['Error', 'IST0101', 'spec.gateways[0]', 'Referenced gateway not found: "nogw"'],
    [
      'Warning',
      'IST0132',
      'spec.gateways[0]',
      'one or more host [*] defined in VirtualService default/b not found in Gateway default/nogw.',
    ],
  ]);
  const idle = { ...openGateway(), spec: { selector: { istio: 'nothing' }, servers: [] } };
  expect(findings(idle)).toEqual([
    ['Error', 'IST0101', 'spec.selector', 'Referenced selector not found: "istio=nothing"'],
  ]);
});

test('a host of a ServiceEntry is known', () => {
  const entry = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'e' },
    spec: { hosts: ['www.example.org'] },
  };
  expect(findings(entry, ofReviews(to('www.example.org')))).toEqual([]);
});

test('IST0102 and IST0103: namespaces and pods without injection', () => {
  const codes = (...objects: KubeObject[]) => analyze(objects).map((f) => `${f.code} ${f.object.name}`);
  const bare = pod('bare', {}, { spec: { containers: [{ name: 'app' }] } });
  const refusing = pod('refusing', { 'sidecar.istio.io/inject': 'false' }, { spec: { containers: [] } });
  expect(codes(namespace('default'), namespace('kube-system'), bare)).toEqual(['IST0102 default']);
  expect(codes(namespace('default', { 'istio-injection': 'enabled' }), bare, refusing, pod('ok', {}))).toEqual([
    'IST0103 bare',
  ]);
  expect(codes(namespace('default', { 'istio-injection': 'disabled' }), bare)).toEqual([]);
  expect(codes(namespace('default', { 'istio.io/rev': 'default' }), bare)).toEqual(['IST0103 bare']);
});

test('IST0109: every VirtualService of a host that several claim', () => {
  const text =
    'The VirtualServices default/a,default/b associated with mesh gateway define the same host */reviews.default.svc.cluster.local which can lead to undefined behavior. This can be fixed by merging the conflicting VirtualServices into a single resource.';
  const claim = (name: string, host: string) => virtualService(name, { hosts: [host], http: [to('reviews')] });
  expect(findings(claim('b', 'reviews'), claim('a', 'reviews.default.svc.cluster.local'))).toEqual([
    ['Error', 'IST0109', 'metadata.name', text],
    ['Error', 'IST0109', 'metadata.name', text],
  ]);
});

test('IST0130 and IST0131: rules and matches that nothing reaches', () => {
  const x = { match: [{ uri: { prefix: '/x' } }], ...to('reviews') };
  const texts = (...http: unknown[]) => findings(ofReviews(...http)).map(([, code, , text]) => `${code} ${text}`);
  expect(texts(to('reviews'), x)).toEqual([
    'IST0130 VirtualService rule #1 not used (route without matches defined before).',
  ]);
  expect(texts(to('reviews'), { name: 'second', ...to('reviews') })).toEqual([
    'IST0130 VirtualService rule "second" not used (only the last rule can have no matches).',
  ]);
  expect(texts(x, x)).toEqual([
    'IST0131 VirtualService rule #1 match #0 is not used (duplicate/overlapping match in rule #0).',
    'IST0130 VirtualService rule #1 not used (all matches used by prior rules).',
  ]);
  expect(texts(x, { match: [{ uri: { prefix: '/x/y' } }], ...to('reviews') })).toEqual([
    'IST0131 VirtualService rule #1 match #0 of prefix /x/y is not used (duplicate/overlapping match in rule #0 of prefix /x on #0).',
  ]);
});

test('IST0132: a Gateway that has none of the hosts, by name or by namespace', () => {
  const bound = virtualService('b', { hosts: ['a.com', 'b.com'], gateways: ['g'], http: [to('reviews')] });
  const codes = (hosts: string[]) => findings(openGateway('g', 8080, hosts), bound).map(([, code]) => code);
  expect(codes(['c.com'])).toEqual(['IST0132']);
  expect(codes(['other/a.com'])).toEqual(['IST0132']);
  expect(codes(['b.com'])).toEqual([]);
  expect(codes(['*.com'])).toEqual([]);
  expect(codes(['./a.com'])).toEqual([]);
});

test('IST0140: a subset that ingress traffic never sees', () => {
  const bound = virtualService('b', { hosts: ['*'], gateways: ['bookinfo-gateway'], http: [to('reviews')] });
  const objects = [openGateway(), subsets('reviews', 'v1'), bound];
  expect(findings(...objects, ofReviews(to('reviews', 'v1'))).map(([, code]) => code)).toEqual(['IST0140']);
});

test('IST0173 and IST0174: subsets without pods and hosts without Service', () => {
  expect(findings(subsets('reviews', 'v1', 'v9')).map(([, code, path]) => [code, path])).toEqual([
    ['IST0173', 'spec.subsets[1].labels'],
  ]);
  expect(findings(destinationRule('r', { host: 'nothere' })).map(([, code, path]) => [code, path])).toEqual([
    ['IST0174', 'spec.host'],
  ]);
});

test('IST0118: a port whose name tells no protocol', () => {
  const named = (name: string, extra = {}) =>
    service('web', 80, { ports: [{ name, port: 80, targetPort: 8080, ...extra }] });
  expect(findings(named(''))).toEqual([
    [
      'Info',
      'IST0118',
      'spec.ports[0].name',
      "Port name  (port: 80, targetPort: 8080) doesn't follow the naming convention of Istio port.",
    ],
  ]);
  for (const name of ['http', 'http-web', 'tcp', 'grpc-x']) expect(findings(named(name))).toEqual([]);
  expect(findings(named('web', { appProtocol: 'http' }))).toEqual([]);
});
