import { expect, test } from 'vitest';
import { completeAt } from './completion.ts';
import { bookinfoFolder, here, marked } from './fixtures.ts';

const offered = (text: string) => {
  const { text: plain, position } = marked(text);
  return completeAt(bookinfoFolder(plain), here, position);
};
const labels = (text: string) => offered(text).map(({ label }) => label);

const head = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: x
spec:
`;

test('an empty file may begin with a whole object', () => {
  const [virtualService] = offered('│').filter(({ label }) => label === 'VirtualService (networking)');
  expect(virtualService?.insert).toContain('kind: VirtualService');
  expect(virtualService?.snippet).toBe(true);
});

test('a new document after others may too', () => {
  expect(labels(`${head}  hosts: [a]\n---\n│`)).toContain('DestinationRule (networking)');
});

test('a file of other programs is left alone', () => {
  expect(labels('services:\n  web:\n    image: nginx\n│')).toEqual([]);
});

test('fields are those of the schema, without the ones already there', () => {
  expect(labels(`${head}  hosts: [a]\n  │`)).toEqual(
    expect.arrayContaining(['gateways', 'http', 'tcp', 'tls', 'exportTo']),
  );
  expect(labels(`${head}  hosts: [a]\n  │`)).not.toContain('hosts');
  expect(labels(`${head}  http:\n    - ma│`)).toEqual(expect.arrayContaining(['match', 'route', 'timeout', 'retries']));
  expect(labels(`${head}  http:\n    - match:\n        - uri:\n            │`)).toEqual(['exact', 'prefix', 'regex']);
});

test('a field that holds more opens the next line at its place', () => {
  const [route] = offered(`${head}  http:\n    - ro│`).filter(({ label }) => label === 'route');
  expect(route?.insert).toBe('route:\n    - $0');
  const [retries] = offered(`${head}  http:\n    - timeout: 1s\n      re│`).filter(({ label }) => label === 'retries');
  expect(retries?.insert).toBe('retries:\n  $0');
});

test('values of a closed list', () => {
  const peer =
    'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: x\nspec:\n  mtls:\n    mode: │';
  expect(labels(peer)).toEqual(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']);
  expect(labels('apiVersion: │')).toContain('networking.istio.io/v1');
  expect(labels('apiVersion: networking.istio.io/v1\nkind: │')).toContain('VirtualService');
  expect(labels('apiVersion: security.istio.io/v1\nkind: │')).not.toContain('VirtualService');
});

test('names are those of the folder', () => {
  const destination = `${head}  hosts: [reviews]\n  http:\n    - route:\n        - destination:\n`;
  expect(labels(`${destination}            host: │`)).toEqual(['productpage', 'reviews', 'ratings']);
  expect(labels(`${destination}            host: reviews\n            subset: │`)).toEqual(['v1', 'v2']);
  expect(labels(`${destination}            host: reviews\n            port:\n              number: │`)).toEqual([
    '9080',
  ]);
  expect(labels(`${head}  gateways:\n    - │`)).toEqual(['bookinfo-gateway', 'mesh']);
  expect(labels(`${head}  http: [{route: [{destination: {host: reviews, subset: │`)).toEqual(['v1', 'v2']);
});

test('labels of a subset are those of the pods behind its host', () => {
  const rule =
    'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: x\nspec:\n  host: reviews\n  subsets:\n    - name: v3\n      labels:\n        ';
  expect(labels(`${rule}│`)).toEqual(['app', 'version']);
  expect(labels(`${rule}version: │`)).toEqual(['v1', 'v2', 'v3']);
});

test('what is left of the word is replaced too, and a colon is not doubled', () => {
  const text = `${head}  ho│sts:\n    - a`;
  const [gateways] = offered(text).filter(({ label }) => label === 'gateways');
  expect(gateways).toMatchObject({ insert: 'gateways', range: { start: { character: 2 }, end: { character: 7 } } });
});

test('every place of a half-written file can be asked', () => {
  const whole = `${head}  hosts:\n  - {a: [b\n  http: "x\n\t- y: *z\n---\n- ]`;
  const workspace = bookinfoFolder(whole);
  for (let at = 0; at <= whole.length; at += 1) {
    const { position } = marked(`${whole.slice(0, at)}│${whole.slice(at)}`);
    expect(() => completeAt(workspace, here, position), `at ${at}`).not.toThrow();
  }
});
