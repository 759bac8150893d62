// productpage.json: a pod of the official Bookinfo before and after a real istiod (Kubernetes 1.34, demo profile).
import { expect, test } from 'vitest';
import { readInjectionConfiguration } from './configuration.ts';
import fixture from './fixtures/productpage.json' with { type: 'json' };
import { injectPod } from './inject-pod.ts';
import type { Container, PodObject } from './pod-shape.ts';

const map = (data: Record<string, string>) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data });
const configuration = (native = true) =>
  readInjectionConfiguration(
    map({ config: 'policy: enabled\n', values: fixture.configuration.values }),
    map({ mesh: fixture.configuration.mesh }),
    native,
  );
const plain = (): PodObject => structuredClone(fixture.plain) as unknown as PodObject;
const inject = (pod: PodObject, native = true) => injectPod(pod, 'default', configuration(native));
const names = (containers: Container[] = []) => containers.map((c) => c.name);

/** What the API server adds to any pod. */
const defaults = new Set([
  'terminationMessagePath',
  'terminationMessagePolicy',
  'defaultMode',
  'successThreshold',
  'scheme',
]);
const withoutDefaults = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !defaults.has(name));
  return Object.fromEntries(kept.map(([name, v]) => [name, withoutDefaults(v)]));
};

test('a Bookinfo pod comes out as from a real istiod', () => {
  const { metadata, spec } = inject(plain());
  expect(metadata.labels).toEqual(fixture.injected.metadata.labels);
  expect(metadata.annotations).toEqual(fixture.injected.metadata.annotations);
  const { containers, initContainers, volumes } = spec ?? {};
  expect(withoutDefaults({ containers, initContainers, volumes })).toEqual(withoutDefaults(fixture.injected.spec));
});

test('the pod given is left alone', () => {
  const pod = plain();
  inject(pod);
  expect(pod).toEqual(fixture.plain);
});

test('before Kubernetes 1.33 the proxy is the last ordinary container', () => {
  const { spec, metadata } = inject(plain(), false);
  expect(names(spec?.containers)).toEqual(['productpage', 'istio-proxy']);
  expect(names(spec?.initContainers)).toEqual(['istio-init']);
  expect(JSON.parse(metadata.annotations?.['sidecar.istio.io/status'] ?? '')).toMatchObject({
    initContainers: ['istio-init'],
    containers: ['istio-proxy'],
  });
});

test('the nativeSidecar annotation of a pod wins over the cluster', () => {
  const pod = plain();
  pod.metadata.annotations = { 'sidecar.istio.io/nativeSidecar': 'false' };
  expect(names(inject(pod).spec?.containers)).toContain('istio-proxy');
});

test("the pod's own init containers run after Istio's", () => {
  const pod = plain();
  pod.spec = { ...pod.spec, initContainers: [{ name: 'prepare', image: 'busybox' }] };
  expect(names(inject(pod).spec?.initContainers)).toEqual(['istio-init', 'istio-proxy', 'prepare']);
});

test('annotations choose image and resources of the proxy', () => {
  const pod = plain();
  pod.metadata.annotations = { 'sidecar.istio.io/proxyImage': 'my/envoy:1', 'sidecar.istio.io/proxyCPU': '50m' };
  const proxy = inject(pod).spec?.initContainers?.find((c) => c.name === 'istio-proxy');
  expect(proxy?.image).toBe('my/envoy:1');
  expect(proxy?.resources).toEqual({ requests: { cpu: '50m' } });
});

test('probes of the application go through the agent, which knows the original', () => {
  const pod = plain();
  const [app] = pod.spec?.containers ?? [];
  if (!app) throw new Error('fixture without containers');
  app.ports = [{ name: 'web', containerPort: 9080 }];
  app.readinessProbe = { httpGet: { path: '/health', port: 'web' }, timeoutSeconds: 2 };
  const { containers = [], initContainers = [] } = inject(pod).spec ?? {};
  expect(containers[0]?.readinessProbe?.httpGet).toEqual({ path: '/app-health/productpage/readyz', port: 15020 });
  const probers = initContainers
    .find((c) => c.name === 'istio-proxy')
    ?.env?.find((e) => e.name === 'ISTIO_KUBE_APP_PROBERS');
  expect(JSON.parse(probers?.value ?? '{}')).toEqual({
    '/app-health/productpage/readyz': { httpGet: { path: '/health', port: 9080 }, timeoutSeconds: 2 },
  });
});

test('a gateway pod keeps its own container, with the image filled in', () => {
  const pod: PodObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'gw', labels: { app: 'gw' }, annotations: { 'inject.istio.io/templates': 'gateway' } },
    spec: { containers: [{ name: 'istio-proxy', image: 'auto', env: [{ name: 'MINE', value: '1' }] }] },
  };
  const { spec } = inject(pod);
  expect(names(spec?.containers)).toEqual(['istio-proxy']);
  expect(spec?.initContainers).toBeUndefined();
  const [proxy] = spec?.containers ?? [];
  expect(proxy?.image).toBe('istio/proxyv2:1.32-dev');
  expect(proxy?.args?.slice(0, 2)).toEqual(['proxy', 'router']);
  expect(proxy?.env?.map((e) => e.name)).toEqual(expect.arrayContaining(['MINE', 'POD_NAME']));
});

test('a pod that asks not to be scraped keeps its annotations', () => {
  const pod = plain();
  pod.metadata.annotations = { 'prometheus.io/scrape': 'false' };
  const { annotations } = inject(pod).metadata;
  expect(annotations).toMatchObject({ 'prometheus.io/scrape': 'false' });
  expect(annotations).not.toHaveProperty(['prometheus.io/port']);
});
