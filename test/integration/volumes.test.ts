// Claims and volumes with the real kubectl: what a pod writes is there for the next one.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopEmbedded } from '../../src/cluster/embedded/embedded.ts';
import { openVolumeFile } from '../../src/simulator/exec/volume-file.ts';
import { missing, startWithKubectl, type WithKubectl } from './support/with-kubectl.ts';

test.skipIf(!missing)('SKIPPED: there is no kubectl on the PATH, so nothing of volumes.test.ts was tested', () => {});

const labels = { app: 'db' };
const database = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db' },
  spec: {
    serviceName: 'db',
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: 'db',
            image: 'busybox:1.35',
            command: ['sleep', '3600'],
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
      },
    },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  },
};
/** An init container writes the page that nginx serves. */
const site = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'site' },
  spec: {
    volumes: [{ name: 'html', emptyDir: {} }],
    initContainers: [
      {
        name: 'write',
        image: 'busybox:1.35',
        command: ['sh', '-c', 'echo written > /html/index.html'],
        volumeMounts: [{ name: 'html', mountPath: '/html' }],
      },
    ],
    containers: [
      { name: 'nginx', image: 'nginx:1.27', volumeMounts: [{ name: 'html', mountPath: '/usr/share/nginx/html' }] },
    ],
  },
};

describe.skipIf(missing)('volumes', () => {
  let running: WithKubectl;
  const kubectl = (...argv: string[]) => running.kubectl(...argv);

  beforeAll(async () => {
    running = await startWithKubectl();
    await kubectl('create', 'namespace', 'store');
    await kubectl('config', 'set-context', '--current', '--namespace=store');
  });

  afterAll(() => running?.remove());

  test('what a pod of a StatefulSet writes to its claim is there when the pod comes back, and goes with the claim', async () => {
    const classes = (await kubectl('get', 'storageclass', '--no-headers')).trim().split(/\s{2,}/);
    expect(classes.slice(0, 5)).toEqual([
      'standard (default)',
      'rancher.io/local-path',
      'Delete',
      'WaitForFirstConsumer',
      'false',
    ]);
    await running.apply(database);
    await kubectl('rollout', 'status', 'statefulset/db', '--timeout=60s');
    await kubectl('exec', 'db-0', '--', 'sh', '-c', 'echo kept > /data/note');
    const uid = await kubectl('get', 'pod', 'db-0', '-o', 'jsonpath={.metadata.uid}');
    await kubectl('delete', 'pod', 'db-0', '--now');
    await kubectl('wait', 'pod/db-0', '--for=condition=Ready', '--timeout=60s');
    expect(await kubectl('get', 'pod', 'db-0', '-o', 'jsonpath={.metadata.uid}')).not.toBe(uid);
    expect(await kubectl('exec', 'db-0', '--', 'cat', '/data/note')).toBe('kept\n');
    const claim = (await kubectl('get', 'pvc', 'data-db-0', '--no-headers')).trim().split(/\s+/);
    expect([claim[1], ...claim.slice(3, 6)]).toEqual(['Bound', '1Gi', 'RWO', 'standard']);
    expect(await kubectl('describe', 'pvc', 'data-db-0')).toMatch(/Used By: +db-0/);
    const more = JSON.stringify({ spec: { resources: { requests: { storage: '2Gi' } } } });
    await expect(kubectl('patch', 'pvc', 'data-db-0', '-p', more)).rejects.toThrow(
      'only dynamically provisioned pvc can be resized',
    );
    await kubectl('delete', 'statefulset', 'db');
    await kubectl('delete', 'pvc', 'data-db-0', '--timeout=60s');
    await kubectl('wait', `pv/${claim[2]}`, '--for=delete', '--timeout=60s');
  });

  test('what an init container writes to an emptyDir, nginx serves', async () => {
    await running.apply(site);
    await kubectl('wait', 'pod/site', '--for=condition=Ready', '--timeout=60s');
    const page = () => kubectl('get', '--raw', '/api/v1/namespaces/store/pods/site:80/proxy/');
    expect(await page()).toBe('written\n');
  });

  test('what was written is kept in a file when the cluster stops, for the next start', async () => {
    await kubectl('exec', 'site', '-c', 'nginx', '--', 'sh', '-c', 'echo again > /usr/share/nginx/html/index.html');
    await stopEmbedded({ home: running.cluster.home });
    const saved = Object.values(openVolumeFile(join(running.cluster.folder, 'volumes.json')).load());
    const files = saved.flatMap((volume) => volume.files);
    expect(files).toContainEqual(['/index.html', Buffer.from('again\n').toString('base64')]);
  });
});
