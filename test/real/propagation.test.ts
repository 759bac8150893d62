// How long a changed VirtualService takes to be obeyed, and a 90/10 verdict to be reached: figures for docs/fidelidad.md
// and for the patience of src/cluster/facts.ts.

import { expect, test } from 'vitest';
import { verifyCheck } from '../../src/checks/verify.ts';
import { quantile } from '../../src/traffic/latency.ts';
import { sendRequest } from '../../src/traffic/load.ts';
import { realPlace } from './support/places.ts';
import { currentLoad, recordFigures } from './support/recordings.ts';

const kubeconfig = process.env.MALLA_REAL_KUBECONFIG;
const signal = new AbortController().signal;
const changes = 20;
const verdicts = 10;

if (!kubeconfig) console.warn('MALLA_REAL_KUBECONFIG is not set: nothing is measured on a real cluster.');

test.runIf(kubeconfig)('changes are obeyed well within the patience, and a 90/10 is judged', async () => {
  const { cluster } = await realPlace(['kind'], kubeconfig ?? '');
  const { client, access } = cluster;
  const { patience } = await cluster.facts();
  const rule = (spec: object) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'medida', namespace: 'default' },
    spec: { hosts: ['medida.example'], gateways: ['bookinfo-gateway'], ...spec },
  });
  const obeyed: number[] = [];
  const host = { host: 'medida.example' };
  try {
    for (let i = 0; i < changes; i++) {
      const status = 210 + (i % 50);
      await client.apply(rule({ http: [{ directResponse: { status } }] }), 'malla');
      const begun = performance.now();
      for (;;) {
        const answer = await sendRequest({ url: `${access.entry}/`, headers: host, signal });
        if (answer?.status === status) break;
        expect(performance.now() - begun).toBeLessThan(60_000);
      }
      obeyed.push(performance.now() - begun);
    }
  } finally {
    await client.remove({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      namespace: 'default',
      name: 'medida',
    });
  }

  const split = {
    id: 'reparto',
    title: '',
    line: 1,
    type: 'reparto' as const,
    pattern: {
      path: '/api/v1/products/0/reviews',
      headers: {},
      classes: { v1: 'reviews-v1-', v2: 'reviews-v2-', v3: 'reviews-v3-' },
      expected: { v1: 90, v2: 10 },
    },
  };
  const subset = (name: string, weight: number) => ({ destination: { host: 'reviews', subset: name }, weight });
  await client.apply(
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: 'medida', namespace: 'default' },
      spec: { host: 'reviews', subsets: ['v1', 'v2'].map((name) => ({ name, labels: { version: name } })) },
    },
    'malla',
  );
  const times: number[] = [];
  let requests = 0;
  try {
    await client.apply(
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name: 'medida', namespace: 'default' },
        spec: { hosts: ['reviews'], http: [{ route: [subset('v1', 90), subset('v2', 10)] }] },
      },
      'malla',
    );
    for (let i = 0; i < verdicts; i++) {
      const verdict = await verifyCheck(split, { cluster, signal });
      expect(verdict.state, verdict.observed).toBe('correcto');
      times.push(verdict.milliseconds);
      requests += verdict.evidence.requests ?? 0;
    }
  } finally {
    for (const kind of ['VirtualService', 'DestinationRule'])
      await client.remove({ apiVersion: 'networking.istio.io/v1', kind, namespace: 'default', name: 'medida' });
  }
  const three = (values: number[]) => ({
    p50: Math.round(quantile(values, 0.5)),
    p95: Math.round(quantile(values, 0.95)),
    most: Math.round(Math.max(...values)),
  });
  const figures = {
    date: new Date().toISOString(),
    load: currentLoad(),
    obeyed: { times: changes, ...three(obeyed) },
    split: { times: verdicts, requests: Math.round(requests / verdicts), ...three(times) },
  };
  recordFigures({ changes: figures });
  console.log(JSON.stringify(figures));
  expect(figures.split.most).toBeLessThanOrEqual(5_000);
  expect(Math.max(...obeyed)).toBeLessThan(patience);
});
