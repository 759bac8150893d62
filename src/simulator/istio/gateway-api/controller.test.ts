import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../mesh/objects.ts';
import { loadRules } from '../../api/cel/rules.ts';
import { createRegistry, type FullRegistry } from '../../api/registry.ts';
import { openStore, type Store } from '../../store/store.ts';
import { startGatewayApi } from './controller.ts';

const GROUP = 'gateway.networking.k8s.io';
const crds = parseAllDocuments(
  readFileSync(join(import.meta.dirname, '../../../../samples/gateway-api/standard-install.yaml'), 'utf8'),
).map((document) => document.toJS() as KubeObject);

await loadRules();

let folder: string;
let store: Store;
let registry: FullRegistry;
let stop: () => void;
let time = Date.parse('2026-11-21T10:00:00Z');
const clock = {
  now: () => time,
  after(milliseconds: number, action: () => void) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malla-gateway-api-'));
  store = openStore(join(folder, 'state.db'));
  registry = createRegistry({ store, clock, webhooks: () => undefined, admitPod: (pod) => pod });
  for (const name of ['default', 'istio-system'])
    registry.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  stop = startGatewayApi({ registry, clock, home: 'istio-system', revision: 'default' });
});
afterEach(() => {
  stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) {
    await registry.durable();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function installed(): Promise<void> {
  for (const crd of crds) registry.create('apiextensions.k8s.io/customresourcedefinitions', crd);
  await settled();
}

async function createGateway(annotations: Record<string, string> = {}, listeners: object[] = [http]): Promise<void> {
  registry.create(`${GROUP}/gateways`, {
    apiVersion: `${GROUP}/v1`,
    kind: 'Gateway',
    metadata: { name: 'front', namespace: 'default', annotations, labels: { team: 'web' } },
    spec: { gatewayClassName: 'istio', listeners },
  });
  await settled();
}

const http = { name: 'http', port: 80, protocol: 'HTTP' };

interface ServiceSpec {
  type: string;
  ports: { name: string; port: number; appProtocol: string }[];
}

const serviceSpec = () => registry.get('services', 'default', 'front-istio')?.spec as ServiceSpec | undefined;

test('nothing happens without the CRDs; with them the classes are there and accepted', async () => {
  await settled();
  expect(registry.list(`${GROUP}/gatewayclasses`)).toEqual([]);
  await installed();
  const classes = registry.list(`${GROUP}/gatewayclasses`);
  expect(classes.map(({ metadata }) => metadata.name)).toEqual(['istio', 'istio-remote']);
  for (const { status } of classes) {
    expect(status).toMatchObject({ conditions: [{ type: 'Accepted', status: 'True', reason: 'Accepted' }] });
  }
});

test('a Gateway gets a Deployment of proxies, a Service and a ServiceAccount, which are its own', async () => {
  await installed();
  await createGateway({}, [
    http,
    { ...http, name: 'second', hostname: 'a.org' },
    { name: 'a.b', port: 8080, protocol: 'HTTP' },
  ]);
  const deployment = registry.get('apps/deployments', 'default', 'front-istio');
  const owner = registry.get(`${GROUP}/gateways`, 'default', 'front');
  expect(deployment?.metadata.ownerReferences).toEqual([
    { apiVersion: `${GROUP}/v1`, kind: 'Gateway', name: 'front', uid: owner?.metadata.uid },
  ]);
  expect(deployment?.metadata.labels).toMatchObject({ team: 'web', [`${GROUP}/gateway-name`]: 'front' });
  expect(deployment?.spec).toMatchObject({
    template: { spec: { serviceAccountName: 'front-istio', containers: [{ name: 'istio-proxy' }] } },
  });
  expect(registry.get('serviceaccounts', 'default', 'front-istio')).toBeDefined();
  expect(serviceSpec()?.type).toBe('LoadBalancer');
  expect(serviceSpec()?.ports.map(({ name, port, appProtocol }) => `${name} ${port} ${appProtocol}`)).toEqual([
    'status-port 15021 tcp',
    'http 80 http',
    'a-b 8080 http',
  ]);
});

test('the annotation service-type says what its Service is, also later', async () => {
  await installed();
  await createGateway({ 'networking.istio.io/service-type': 'ClusterIP' });
  expect(serviceSpec()?.type).toBe('ClusterIP');
  registry.edit(`${GROUP}/gateways`, 'default', 'front', (copy) => {
    copy.metadata.annotations = { 'networking.istio.io/service-type': 'NodePort' };
  });
  await settled();
  expect(serviceSpec()?.type).toBe('NodePort');
});

test('a Deployment that somebody deletes is made again; what others add to it stays', async () => {
  await installed();
  await createGateway();
  registry.edit('apps/deployments', 'default', 'front-istio', (copy) => {
    copy.metadata.labels = { ...copy.metadata.labels, mine: 'yes' };
    copy.spec = { ...(copy.spec as object), replicas: 3 };
  });
  registry.edit(`${GROUP}/gateways`, 'default', 'front', (copy) => {
    copy.metadata.labels = { team: 'shop' };
  });
  await settled();
  const changed = registry.get('apps/deployments', 'default', 'front-istio');
  expect(changed?.metadata.labels).toMatchObject({ mine: 'yes', team: 'shop' });
  expect(changed?.spec).toMatchObject({ replicas: 3 });
  registry.remove('apps/deployments', 'default', 'front-istio');
  await settled();
  expect(registry.get('apps/deployments', 'default', 'front-istio')).toBeDefined();
});

test('a Service of that name that is somebody else’s is left alone', async () => {
  await installed();
  registry.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'front-istio', namespace: 'default' },
    spec: { ports: [{ port: 9 }] },
  });
  await createGateway();
  expect(serviceSpec()?.ports.map(({ port }) => port)).toEqual([9]);
});

test('a Gateway whose Deployment the API refuses does not keep the others waiting', async () => {
  await installed();
  registry.create(`${GROUP}/gateways`, {
    apiVersion: `${GROUP}/v1`,
    kind: 'Gateway',
    metadata: { name: 'bad', namespace: 'default', annotations: { 'gateway.istio.io/name-override': 'Not A Name' } },
    spec: { gatewayClassName: 'istio', listeners: [http] },
  });
  await createGateway();
  expect(registry.list('apps/deployments').map(({ metadata }) => metadata.name)).toEqual(['front-istio']);
  const { status } = registry.get(`${GROUP}/gateways`, 'default', 'front') ?? {};
  expect(status).toMatchObject({ conditions: [{ type: 'Accepted', status: 'True' }, {}, {}] });
});

test('a Gateway of another class waits for its controller', async () => {
  await installed();
  registry.create(`${GROUP}/gateways`, {
    apiVersion: `${GROUP}/v1`,
    kind: 'Gateway',
    metadata: { name: 'other', namespace: 'default' },
    spec: { gatewayClassName: 'nginx', listeners: [http] },
  });
  await settled();
  expect(registry.get('apps/deployments', 'default', 'other-nginx')).toBeUndefined();
  const { status } = registry.get(`${GROUP}/gateways`, 'default', 'other') ?? {};
  expect(status).toMatchObject({ conditions: [{ type: 'Accepted', reason: 'Pending' }, { reason: 'Pending' }] });
});

test('a status is written when it changes, with the time of the change, and not otherwise', async () => {
  await installed();
  await createGateway();
  const route = (port: number) => ({
    apiVersion: `${GROUP}/v1`,
    kind: 'HTTPRoute',
    metadata: { name: 'r', namespace: 'default' },
    spec: {
      parentRefs: [{ name: 'front', port }],
      rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
    },
  });
  registry.create(`${GROUP}/httproutes`, route(80));
  await settled();
  const read = () => registry.get(`${GROUP}/httproutes`, 'default', 'r') as KubeObject<unknown, RouteStatus>;
  const before = read();
  expect(conditionsOf(before)).toEqual([
    'Accepted True 2026-11-21T10:00:00Z',
    'ResolvedRefs False 2026-11-21T10:00:00Z',
  ]);
  time += 5_000;
  registry.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'unrelated', namespace: 'default' },
    spec: { ports: [{ port: 80 }] },
  });
  await settled();
  expect(read().metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  registry.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { ports: [{ port: 80 }] },
  });
  await settled();
  expect(conditionsOf(read())).toEqual([
    'Accepted True 2026-11-21T10:00:00Z',
    'ResolvedRefs True 2026-11-21T10:00:05Z',
  ]);
});

interface RouteStatus {
  parents: { conditions: { type: string; status: string; lastTransitionTime: string }[] }[];
}

function conditionsOf({ status }: KubeObject<unknown, RouteStatus>): string[] {
  return (status?.parents[0]?.conditions ?? []).map((c) => `${c.type} ${c.status} ${c.lastTransitionTime}`);
}
