import { expect, test } from 'vitest';
import type { AdmissionReview, ContainerContext, HttpReply, HttpRequest } from '../contract.ts';
import { istioModel } from './models.ts';

const get = (path: string): HttpRequest => ({ method: 'GET', path, authority: 'x', headers: {} });

function run(program: string, context: Partial<ContainerContext> = {}) {
  const model = istioModel(program);
  if (!model) throw new Error(`no model of ${program}`);
  return model({
    pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } },
    containerName: 'istio-proxy',
    image: program,
    env: {},
    clock: { now: () => 0, after: () => () => {} },
    random: () => 0.5,
    log: () => {},
    call: () => Promise.reject(new Error('no network here')),
    ...context,
  });
}

const review = (object: AdmissionReview['object'], resource = 'pods'): AdmissionReview => ({
  uid: 'u',
  operation: 'CREATE',
  resource: { group: '', version: 'v1', resource },
  kind: { group: '', version: 'v1', kind: object?.kind ?? '' },
  namespace: 'default',
  ...(object ? { object } : {}),
  dryRun: false,
});

test('only the programs of Istio have models here', () => {
  expect(['pilot', 'proxyv2', 'auto', 'nginx'].map((p) => istioModel(p) !== undefined)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('the agent answers readiness', async () => {
  const { ports } = run('proxyv2');
  expect((await ports[15021]?.(get('/healthz/ready')))?.status).toBe(200);
});

test('istio-init listens nowhere', () => {
  expect(run('proxyv2', { containerName: 'istio-init' }).ports).toEqual({});
});

test("the agent asks the application's probe in the kubelet's place", async () => {
  const probers = { '/app-health/app/readyz': { httpGet: { path: '/ok', port: 8080 } } };
  const asked: string[] = [];
  const local = (port: number, { path }: HttpRequest): HttpReply => {
    asked.push(`${port}${path}`);
    return { status: 503, headers: {}, body: '' };
  };
  const { ports } = run('proxyv2', { env: { ISTIO_KUBE_APP_PROBERS: JSON.stringify(probers) }, local });
  expect((await ports[15020]?.(get('/app-health/app/readyz')))?.status).toBe(503);
  expect(asked).toEqual(['8080/ok']);
  expect((await ports[15020]?.(get('/app-health/other/readyz')))?.status).toBe(404);
});

test('istiod injects on /inject, with or without cluster and network in the path', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ name: 'app' }] } };
  const { admission = {} } = run('pilot');
  for (const path of ['/inject', '/inject/cluster/c1/net/n1']) {
    const answer = admission[path]?.(review(pod));
    expect(answer?.allowed).toBe(true);
    expect(answer?.object?.metadata.annotations).toHaveProperty(['sidecar.istio.io/status']);
  }
  expect(admission['/other']).toBeUndefined();
});

test('a pod whose annotation for the proxy cannot be read is refused', () => {
  const annotations = { 'proxy.istio.io/config': 'a: [', 'sidecar.istio.io/inject': 'true' };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', annotations, labels: annotations }, spec: {} };
  const answer = run('pilot').admission?.['/inject']?.(review(pod));
  expect(answer).toMatchObject({
    allowed: false,
    message: expect.stringContaining("for annotation 'proxy.istio.io/config'"),
  });
});

test('keys that lie outside the cluster are warned of', () => {
  const trusting = (jwksUri: string) => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'RequestAuthentication',
    metadata: { name: 'r' },
    spec: { jwtRules: [{ issuer: 'a', jwksUri }] },
  });
  const warned = (uri: string) =>
    run('pilot').admission?.['/validate']?.(review(trusting(uri), 'requestauthentications'))?.warnings?.length ?? 0;
  expect(warned('https://keys.example.com/jwks')).toBe(1);
  expect(warned('http://keys.example.com/jwks')).toBe(1);
  expect(warned('http://keys.default.svc.cluster.local:8000/jwks')).toBe(0);
  expect(warned('http://keys:8000/jwks')).toBe(0);
});

test('istiod refuses a log filter that is no CEL', () => {
  const filtered = (expression: string) => ({
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: { name: 't' },
    spec: { accessLogging: [{ filter: { expression } }] },
  });
  const validate = run('pilot').admission?.['/validate'];
  expect(validate?.(review(filtered('response.code >='), 'telemetries'))).toEqual({
    allowed: false,
    message: expect.stringContaining('configuration is invalid: must be a valid CEL expression, ERROR: <input>:1:'),
  });
  expect(validate?.(review(filtered('response.code >= 400'), 'telemetries'))?.allowed).toBe(true);
});

test('istiod refuses on /validate with its prefix, and lets deletions pass', () => {
  const spec = { hosts: ['a'] };
  const object = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'v' }, spec };
  const validate = run('pilot').admission?.['/validate'];
  expect(validate?.(review(object, 'virtualservices'))).toEqual({
    allowed: false,
    message: 'configuration is invalid: http, tcp or tls must be provided in virtual service',
  });
  expect(validate?.({ ...review(undefined), operation: 'DELETE', oldObject: object })?.allowed).toBe(true);
});
