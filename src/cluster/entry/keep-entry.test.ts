import { expect, test } from 'vitest';
import type { KubeObject } from '../../mesh/objects.ts';
import { ClusterError } from '../cluster-error.ts';
import type { ClusterAccess, KubeClient, KubeQuery, ObjectRef } from '../contract.ts';
import { type KeepEntryOptions, keepEntry } from './keep-entry.ts';
import type { Probe, Reach } from './reachable.ts';

const node: KubeObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'malla-worker' },
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    addresses: [{ type: 'InternalIP', address: '172.18.0.3' }],
  },
};

function gateway(nodePort: number): KubeObject {
  const ports = [
    { name: 'status-port', port: 15021, nodePort: 30001 },
    { name: 'http2', port: 80, targetPort: 8080, nodePort },
    { name: 'https', port: 443, targetPort: 8443, nodePort: nodePort + 10 },
  ];
  const metadata = { name: 'istio-ingressgateway', namespace: 'istio-system', uid: `u-${nodePort}` };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'LoadBalancer', ports } };
}

/** A cluster whose gateway the test changes, seen through keepEntry. */
function clusterWith(options: Partial<KeepEntryOptions> = {}, reach: Record<string, Reach> = {}) {
  const state: { service: KubeObject | undefined; refuses: boolean } = { service: undefined, refuses: false };
  const asked = { probes: 0 };
  const client = {
    async get({ kind }: ObjectRef) {
      if (state.refuses) throw new ClusterError('forbidden', 'no');
      return kind === 'Service' ? state.service : undefined;
    },
    list: async ({ kind }: KubeQuery) => (kind === 'Node' ? [node] : []),
  } as unknown as KubeClient;
  const probe: Probe = async (host, port) => {
    asked.probes++;
    return reach[`${host}:${port}`] ?? (host === '172.18.0.3' ? 'open' : 'silent');
  };
  const access: ClusterAccess = { kind: 'kind', kubeconfig: '/k' };
  const way = () => Promise.reject(new ClusterError('unreachable', 'sin camino'));
  const refresh = keepEntry(access, { client, way, signal: new AbortController().signal, probe, ...options });
  return { state, access, refresh, asked };
}

test('the entry comes with the gateway, changes with its ports and goes with it', async () => {
  const { state, access, refresh } = clusterWith();
  await refresh();
  expect(access.entry).toBeUndefined();
  state.service = gateway(32000);
  await refresh();
  expect(access).toMatchObject({
    entry: 'http://172.18.0.3:32000',
    secureEntry: 'https://172.18.0.3:32010',
    nodeHost: '172.18.0.3',
  });
  state.service = gateway(32222);
  await refresh();
  expect(access.entry).toBe('http://172.18.0.3:32222');
  state.service = undefined;
  await refresh();
  expect(access.entry).toBeUndefined();
});

test('while the Service stays the same nothing is probed again', async () => {
  const { state, refresh, asked } = clusterWith();
  state.service = gateway(32000);
  await refresh();
  const before = asked.probes;
  await refresh();
  expect(asked.probes).toBe(before);
});

test('a gateway without a ready pod is still entered by its node: what refuses there is what there is to see', async () => {
  const { state, access, refresh } = clusterWith({}, { '172.18.0.3:30001': 'closed', '172.18.0.3:32000': 'closed' });
  state.service = gateway(32000);
  await refresh();
  expect(access.entry).toBe('http://172.18.0.3:32000');
});

test('published ports are used when the gateway has the known NodePort, and only then', async () => {
  const published = { entry: 'http://127.0.0.1:31380', secureEntry: 'https://127.0.0.1:31390' };
  const { state, access, refresh } = clusterWith({ published });
  state.service = gateway(31380);
  await refresh();
  expect(access).toMatchObject({ ...published, nodeHost: '172.18.0.3' });
  state.service = gateway(32000);
  await refresh();
  expect(access.entry).toBe('http://172.18.0.3:32000');
});

test('what was known holds for whoever may not look', async () => {
  const { state, access, refresh } = clusterWith({ otherwise: { entry: 'http://ana.aula:80' } });
  expect(access.entry).toBe('http://ana.aula:80');
  state.refuses = true;
  await refresh();
  expect(access.entry).toBe('http://ana.aula:80');
});

test('a node that this machine does not get to gives no entry, and nothing rejects', async () => {
  const { state, access, refresh } = clusterWith({}, { '172.18.0.3:30001': 'silent', '172.18.0.3:32000': 'silent' });
  state.service = gateway(32000);
  await refresh();
  expect(access.entry).toBeUndefined();
});

test('a node that is within reach is known before there is any gateway', async () => {
  const { access, refresh } = clusterWith();
  await refresh();
  expect(access).toMatchObject({ entry: undefined, nodeHost: '172.18.0.3' });
  const far = clusterWith({ probe: async () => 'silent' });
  await far.refresh();
  expect(far.access.nodeHost).toBeUndefined();
});
