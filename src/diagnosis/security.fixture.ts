// A mesh with httpbin and two clients, one of them without a sidecar, for the tests of security to break.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { KubeObject } from '../mesh/objects.ts';
import type { CurlAnswer } from '../traffic/curl-request.ts';
import { bookinfo, object, service, type World, workload } from './bookinfo.fixture.ts';
import type { Pod } from './scene.ts';
import type { Symptom } from './symptom.ts';

/** Bookinfo's world, with httpbin and curl in `default`, and a curl without sidecar in `fuera`. */
export function httpbinWorld(): World {
  const httpbin = workload('default', 'httpbin', { app: 'httpbin' }, { port: 8080 });
  const world = bookinfo().add(
    object('v1', 'Namespace', 'fuera'),
    ...httpbin,
    ...workload('default', 'curl', { app: 'curl' }, { port: 80 }),
    ...workload('fuera', 'curl', { app: 'curl' }, { port: 80, sidecar: false }),
    {
      ...service('httpbin'),
      spec: {
        selector: { app: 'httpbin' },
        clusterIP: '10.96.0.7',
        ports: [{ name: 'http', port: 8000, targetPort: 8080 }],
      },
    },
  );
  for (const pod of world.objects.filter((o) => o.kind === 'Pod')) {
    const spec = pod.spec as { serviceAccountName?: string };
    spec.serviceAccountName = pod.metadata.labels?.app ?? 'default';
    if (pod.metadata.name.startsWith('istio-ingress')) spec.serviceAccountName = 'istio-ingressgateway-service-account';
  }
  return world;
}

export interface Asked {
  from?: 'default' | 'fuera';
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  expected?: { status: number } | { failure: 'reset' };
}

/** A request to httpbin, and what came of it. */
export function asked(world: World, seen: Partial<CurlAnswer>, options: Asked = {}): Symptom {
  const { from = 'default', method = 'GET', path = '/headers', headers = {}, expected = { status: 200 } } = options;
  const symptom = {
    from: { namespace: from, selector: 'app=curl' },
    url: `http://httpbin.default:8000${path}`,
    method: method as 'GET',
    headers,
    expected,
    contains: [],
    excludes: [],
  };
  const client = world.find('Pod', 'curl-abc-12345', from) as Pod;
  return {
    type: 'peticion',
    pattern: symptom,
    client,
    answer: { status: 200, body: '', message: '', exitCode: 0, ...seen },
  };
}

export const denied = { status: 403, body: 'RBAC: access denied' };
export const reset = { status: 0, failure: 'reset' as const, exitCode: 56, message: 'curl: (56) Recv failure' };
export const terminated = {
  status: 503,
  body: 'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
};
export const refusedToken = (body: string): Partial<CurlAnswer> => ({ status: 401, body });

export function security(kind: string, name: string, spec: unknown, namespace = 'default', age = 1): KubeObject {
  const made = object('security.istio.io/v1', kind, name, namespace);
  return { ...made, metadata: { ...made.metadata, creationTimestamp: `2026-02-0${age}T00:00:00Z` }, spec };
}

export const peer = (spec: unknown, namespace?: string, name = 'default'): KubeObject =>
  security('PeerAuthentication', name, spec, namespace);
export const policy = (name: string, spec: unknown, namespace?: string, age?: number): KubeObject =>
  security('AuthorizationPolicy', name, spec, namespace, age);
export const of = (app: string): object => ({ selector: { matchLabels: { app } } });

export const issuer = 'https://acceso.example';
const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const keysOf = (key: 'own' | 'foreign', kid = 'uno'): string => {
  const { publicKey } = key === 'own' ? own : foreign;
  return JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid }] });
};

export function tokens(rule: object = {}, spec: object = of('httpbin'), namespace?: string): KubeObject {
  const jwtRules = [{ issuer, jwks: keysOf('own'), ...rule }];
  return security('RequestAuthentication', 'acceso', { ...spec, jwtRules }, namespace);
}

export function bearer(claims: object = {}, key: KeyObject = own.privateKey): Record<string, string> {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg: 'ES256', kid: 'uno' })}.${part({ iss: issuer, sub: 'ana', grupo: 'almacen', ...claims })}`;
  const signature = sign('sha256', Buffer.from(head), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return { Authorization: `Bearer ${head}.${signature}` };
}

export type Seen = Partial<CurlAnswer>;

/** `wanted` and `seen` of a request from curl to httpbin, on a world with these objects. */
export function row(
  mistake: string,
  objects: KubeObject[],
  seen: Seen,
  options: Asked,
  code: string,
  at?: string,
  world = httpbinWorld(),
) {
  world.add(...objects);
  return { mistake, world, symptom: asked(world, seen, options), code, ...(at === undefined ? {} : { at }) };
}

export const outside: Asked = { from: 'fuera', expected: { failure: 'reset' } };

export const forbidden: Asked = { expected: { status: 403 } };

export const ok = {};

export const strict = { mtls: { mode: 'STRICT' } };

export const unmeshed = (w: World): World => w.set('Pod', 'httpbin-abc-12345', ['spec', 'initContainers'], undefined);

export const curlAccount = 'cluster.local/ns/default/sa/curl';

export const from = (source: object): object => ({ from: [{ source }] });

export const to = (operation: object): object => ({ to: [{ operation }] });

export const allow = (rules: unknown[], app = 'httpbin', namespace?: string, age?: number): KubeObject =>
  policy('permitir', { ...of(app), action: 'ALLOW', rules }, namespace, age);

export const deny = (rules: unknown[]): KubeObject => policy('denegar', { ...of('httpbin'), action: 'DENY', rules });
