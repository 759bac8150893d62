// What a real istiod wrote for the same objects and annotations.
import { expect, test } from 'vitest';
import { istioObject } from '../../../mesh/fixtures.ts';
import { readInjectionConfiguration } from './configuration.ts';
import fixture from './fixtures/productpage.json' with { type: 'json' };
import { injectPod } from './inject-pod.ts';
import type { PodObject } from './pod-shape.ts';

const map = (data: Record<string, string>) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data });
const configuration = readInjectionConfiguration(
  map({ config: 'policy: enabled\n', values: fixture.configuration.values }),
  map({ mesh: 'defaultConfig: {discoveryAddress: "istiod.istio-system.svc:15012"}' }),
  true,
);

type Objects = ReturnType<typeof istioObject>[];

function proxyOf(app: string, annotation: string | undefined, objects: Objects) {
  const annotations: Record<string, string> = annotation === undefined ? {} : { 'proxy.istio.io/config': annotation };
  const metadata = { name: 'x', labels: { app }, annotations };
  const pod: PodObject = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'c' }] } };
  const { spec } = injectPod(pod, 'default', configuration, objects);
  const proxy = spec?.initContainers?.find(({ name }) => name === 'istio-proxy');
  const env = (proxy?.env ?? []).map(({ name, value }) => [name, value] as const);
  return {
    image: proxy?.image?.split(':')[1],
    config: env.find(([name]) => name === 'PROXY_CONFIG')?.[1],
    added: env.slice(env.findIndex(([name]) => name === 'TRUST_DOMAIN') + 1),
  };
}

const whole = istioObject(
  'ProxyConfig',
  'all',
  { concurrency: 3, environmentVariables: { ISTIO_META_X: 'y', A_VAR: 'uno' }, image: { imageType: 'debug' } },
  {},
);
const selecting = istioObject(
  'ProxyConfig',
  'sel',
  {
    selector: { matchLabels: { app: 'pc' } },
    concurrency: 1,
    environmentVariables: { B_VAR: 'dos', A_VAR: 'tres' },
    image: { imageType: 'distroless' },
  },
  {},
);

test('an object of the namespace changes threads, variables and image', () => {
  const { image, config, added } = proxyOf('other', undefined, [whole, selecting]);
  expect(config).toBe(
    '{"concurrency":3,"proxyMetadata":{"A_VAR":"uno","ISTIO_META_X":"y"},"image":{"imageType":"debug"}}\n',
  );
  expect(added).toEqual([
    ['A_VAR', 'uno'],
    ['ISTIO_META_X', 'y'],
  ]);
  expect(image).toMatch(/-debug$/);
});

test('an object that selects the pod wins over the annotation, which wins over the mesh', () => {
  const annotation =
    'concurrency: 7\nproxyMetadata:\n  C_VAR: cuatro\n  A_VAR: cinco\ntracing: {sampling: 5}\nholdApplicationUntilProxyStarts: true\n';
  const { image, config, added } = proxyOf('pc', annotation, [whole, selecting]);
  expect(config).toBe(
    '{"concurrency":1,"tracing":{"sampling":5},"proxyMetadata":{"A_VAR":"tres","B_VAR":"dos","C_VAR":"cuatro","ISTIO_META_X":"y"},"holdApplicationUntilProxyStarts":true,"image":{"imageType":"distroless"}}\n',
  );
  expect(added.map(([name]) => name)).toEqual(['A_VAR', 'B_VAR', 'C_VAR', 'ISTIO_META_X']);
  expect(image).toMatch(/-distroless$/);
});

test('an annotation alone is written in Istio’s order, without fields that do not exist', () => {
  const annotation =
    'concurrency: 0\ndrainDuration: 10s\nconcurency: 9\nimage: {imageType: debug}\nterminationDrainDuration: 7s\n';
  expect(proxyOf('pc', annotation, []).config).toBe(
    '{"drainDuration":"10s","concurrency":0,"terminationDrainDuration":"7s","image":{"imageType":"debug"}}\n',
  );
});

test('the oldest of several at one level counts, and those of other namespaces do not', () => {
  const other = istioObject('ProxyConfig', 'a', { concurrency: 8 }, { namespace: 'other' });
  const younger = istioObject('ProxyConfig', 'a', { concurrency: 9 }, { creationTimestamp: '2026-04-01T10:00:00Z' });
  const root = istioObject(
    'ProxyConfig',
    'r',
    { concurrency: 4, environmentVariables: { R: '1' } },
    { namespace: 'istio-system' },
  );
  expect(proxyOf('x', undefined, [other, younger, whole, root]).config).toContain(
    '"concurrency":3,"proxyMetadata":{"A_VAR":"uno","ISTIO_META_X":"y","R":"1"}',
  );
  expect(proxyOf('x', undefined, [other]).config).toBe('{}\n');
});

test('an annotation that is no YAML refuses the pod, and says which', () => {
  expect(() => proxyOf('x', 'concurrency: [x', [])).toThrow(
    "invalid value 'concurrency: [x' for annotation 'proxy.istio.io/config'",
  );
});
