// malla limpiar: what the labs and Malla made goes, and nothing else does.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KubeClient } from '../../src/cluster/contract.ts';
import { managedLabel } from '../../src/cluster/managed-label.ts';
import type { KubeObject } from '../../src/mesh/objects.ts';
import { createSandbox, type Sandbox } from './support/sandbox.ts';

interface Cleaning {
  done: boolean;
  remove: string[];
  apart: string[];
  labels: string[];
  left?: unknown[];
}

let sandbox: Sandbox;
let client: KubeClient;
beforeAll(async () => {
  sandbox = await createSandbox();
  client = (await sandbox.start()).cluster.client;
});
afterAll(() => sandbox.remove());

const clean = async (...argv: string[]): Promise<Cleaning> =>
  JSON.parse((await sandbox.malla('limpiar', ...argv, '--json')).stdout) as Cleaning;

test('an empty cluster has nothing to clean, and no yes is asked for', async () => {
  expect(await sandbox.malla('limpiar', '--todo')).toMatchObject({
    exitCode: 0,
    stdout: 'No hay nada que limpiar.\n',
  });
});

test('what a lab makes goes; what only has its name, or none of the course, stays', async () => {
  const hello = deployment('hello', 'docker.io/library/nginx:1.22');
  const own = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'mio', namespace: 'default' },
    data: { a: '1' },
  };
  for (const object of [hello, deployment('curl', 'docker.io/library/nginx:1.28'), own]) await client.create(object);
  await client.patch(namespace('default'), 'merge', { metadata: { labels: { 'istio-injection': 'enabled' } } });

  const listed = await clean('--lista');
  expect(listed).toMatchObject({
    done: false,
    remove: ['Deployment default/hello'],
    apart: ['Deployment default/curl'],
  });
  expect(listed.labels).toEqual(['default istio-injection=enabled']);
  expect(await client.get(refOf(hello))).toBeDefined();

  expect(await sandbox.malla('limpiar')).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('MALLA-USO-30'),
  });
  expect(await client.get(refOf(hello))).toBeDefined();

  expect(await clean('--si')).toMatchObject({ done: true, left: [] });
  expect(await client.get(refOf(hello))).toBeUndefined();
  expect((await client.get(namespace('default')))?.metadata.labels).not.toHaveProperty('istio-injection');
  expect(await client.get(refOf(own))).toMatchObject({ data: { a: '1' } });
  expect(await client.get(refOf(deployment('curl', '')))).toBeDefined();

  expect(await clean('--si', '--tambien')).toMatchObject({ left: [] });
  expect(await client.get(refOf(deployment('curl', '')))).toBeUndefined();
  expect(await client.get(refOf(own))).toBeDefined();
});

test('one lab is cleaned without what it starts from', async () => {
  const ratings = deployment('ratings-v1', 'registry.istio.io/release/examples-bookinfo-ratings-v1:1.20.3', {
    app: 'ratings',
    version: 'v1',
  });
  await client.create(ratings);
  // timeouts scales and changes it, but bookinfo makes it.
  expect((await clean('timeouts', '--lista')).remove).toEqual([]);
  expect((await clean('bookinfo', '--lista')).remove).toEqual(['Deployment default/ratings-v1']);
  await client.remove(refOf(ratings));
});

test('a namespace of a lab with a person’s own things in it stays', async () => {
  const own = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mio', namespace: 'fuera' } };
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'fuera' } });
  await client.create(own);
  expect(await clean('mtls', '--lista')).toMatchObject({ remove: [], apart: ['Namespace fuera'] });
  await client.remove(refOf(own));
  expect(await clean('mtls', '--si')).toMatchObject({ remove: ['Namespace fuera'], left: [] });
  expect(await client.get(namespace('fuera'))).toBeUndefined();
});

test('what carries Malla’s label goes with --todo only', async () => {
  const ours: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'de-malla', namespace: 'kube-public', labels: { ...managedLabel } },
  };
  await client.create(ours);
  expect((await clean('--lista')).remove).toEqual([]);
  expect(await clean('--todo', '--si')).toMatchObject({ remove: ['ConfigMap kube-public/de-malla'], left: [] });
  expect(await client.get(refOf(ours))).toBeUndefined();
});

function namespace(name: string) {
  return { apiVersion: 'v1', kind: 'Namespace', name };
}

function refOf({ apiVersion, kind, metadata: { namespace: own = 'default', name } }: KubeObject) {
  return { apiVersion, kind, namespace: own, name };
}

function deployment(name: string, image: string, labels: Record<string, string> = { app: name }): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name, image }] } },
    },
  };
}
