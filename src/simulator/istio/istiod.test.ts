import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { createRegistry, type FullRegistry } from '../api/registry.ts';
import { openStore, type Store } from '../store/store.ts';
import { startIstiod } from './istiod.ts';

let folder: string;
let store: Store;
let registry: FullRegistry;
let stop: () => void;
const clock = { now: () => Date.parse('2026-11-21T10:00:00Z'), after: () => () => {} };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malla-istiod-'));
  store = openStore(join(folder, 'state.db'));
  registry = createRegistry({ store, clock, webhooks: () => undefined, admitPod: (pod) => pod });
  for (const name of ['default', 'istio-system', 'kube-public']) namespace(name);
  stop = startIstiod({ registry, clock });
});
afterEach(() => {
  stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const namespace = (name: string) =>
  registry.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

async function istiodReady(ready = true): Promise<void> {
  const status = { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] };
  if (!registry.get('pods', 'istio-system', 'istiod-1'))
    registry.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'istiod-1', namespace: 'istio-system', labels: { app: 'istiod', 'istio.io/rev': 'default' } },
      spec: { containers: [{ name: 'discovery', image: 'pilot' }] },
    });
  registry.edit('pods', 'istio-system', 'istiod-1', (pod) => Object.assign(pod, { status }), { subresource: 'status' });
  await settled();
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await registry.durable();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const rootCertificate = (ns: string) =>
  (registry.get('configmaps', ns, 'istio-ca-root-cert')?.data as Record<string, string> | undefined)?.['root-cert.pem'];

function webhook(kind: 'Mutating' | 'Validating', name: string, revision = 'default'): KubeObject {
  const service = { name: 'istiod', namespace: 'istio-system', path: '/x', port: 443 };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${kind}WebhookConfiguration`,
    metadata: { name, labels: { 'istio.io/rev': revision } },
    webhooks: [
      {
        name: `${name}.istio.io`,
        clientConfig: { service },
        failurePolicy: 'Ignore',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  };
}
const validators = 'admissionregistration.k8s.io/validatingwebhookconfigurations';
function first(name: string) {
  const webhooks = registry.get(validators, undefined, name)?.webhooks ?? [];
  return (webhooks as { failurePolicy: string; clientConfig: { caBundle?: string } }[])[0];
}

test('nothing happens until a pod of istiod is ready', async () => {
  await istiodReady(false);
  expect(rootCertificate('default')).toBeUndefined();
});

test('every namespace but the two without workloads gets the root certificate, later ones too', async () => {
  await istiodReady();
  namespace('later');
  await settled();
  expect(rootCertificate('default')).toContain('BEGIN CERTIFICATE');
  expect(rootCertificate('later')).toBe(rootCertificate('default'));
  expect(rootCertificate('kube-public')).toBeUndefined();
});

test('a root certificate that somebody deletes or changes is put back', async () => {
  await istiodReady();
  const before = rootCertificate('default');
  registry.remove('configmaps', 'default', 'istio-ca-root-cert');
  await settled();
  expect(rootCertificate('default')).toBe(before);
  registry.edit('configmaps', 'default', 'istio-ca-root-cert', (map) => Object.assign(map, { data: {} }));
  await settled();
  expect(rootCertificate('default')).toBe(before);
});

test('the authority outlives a restart of istiod', async () => {
  await istiodReady();
  const before = rootCertificate('default');
  stop();
  registry.remove('configmaps', 'default', 'istio-ca-root-cert');
  stop = startIstiod({ registry, clock });
  await settled();
  expect(rootCertificate('default')).toBe(before);
});

test('validating webhooks of its revision get the CA and fail closed', async () => {
  registry.create(validators, webhook('Validating', 'early'));
  registry.create(validators, webhook('Validating', 'foreign', 'canary'));
  await istiodReady();
  registry.create(validators, webhook('Validating', 'late'));
  await settled();
  for (const name of ['early', 'late']) {
    expect(first(name)?.failurePolicy).toBe('Fail');
    expect(Buffer.from(first(name)?.clientConfig.caBundle ?? '', 'base64').toString()).toBe(rootCertificate('default'));
  }
  expect(first('foreign')?.failurePolicy).toBe('Ignore');
});

test('while istiod is down nobody hands out certificates', async () => {
  await istiodReady();
  await istiodReady(false);
  namespace('orphan');
  await settled();
  expect(rootCertificate('orphan')).toBeUndefined();
});
