// A cluster in memory whose pods are processes of this machine: what the orders of the Job and of its carrier do is seen.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeClient, ObjectRef } from '../../cluster/contract.ts';
import type { ExecRequest, ExecResult } from '../../cluster/exec.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { createTestApi } from '../../simulator/api/http/fixtures/test-api.ts';
import { createCarrier } from './carry.ts';
import { gradeOnCluster, type OnClusterOptions } from './grade-on-cluster.ts';
import { type JobSettings, jobObject, names, placeObjects, places } from './job-objects.ts';

const settings: JobSettings = {
  namespace: 'malla-calificar',
  image: 'malla:local',
  parts: 3,
  atOnce: 2,
  size: '2Gi',
  now: Date.UTC(2026, 10, 20),
  limit: 300,
  sealed: true,
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-en-cluster-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Words that are places of the volume are places of this machine here. */
function execHere({ command }: ExecRequest): Promise<ExecResult> {
  const [, ...words] = command.map((word) =>
    word.startsWith('/datos/') ? join(folder, 'volumen', word.slice(7)) : word,
  );
  return new Promise((resolve) => {
    execFile(process.execPath, words, { maxBuffer: 64_000_000 }, (error, stdout, stderr) =>
      resolve({ exitCode: error ? 1 : 0, stdout, stderr }),
    );
  });
}

describe('what is made', () => {
  const objects = [...placeObjects(settings), jobObject(settings)];

  test('says that Malla made it, and runs without rights, without a network and without the API', () => {
    for (const { metadata } of objects)
      expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'malla' });
    const pods = [objects.find((o) => o.kind === 'Pod')?.spec, jobSpec().template.spec] as PodSpec[];
    for (const spec of pods) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(spec.containers[0]?.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
    expect(objects.find((o) => o.kind === 'NetworkPolicy')?.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
  });

  test('the Job gives each pod its part, and all of them the same moment', () => {
    expect(jobSpec()).toMatchObject({ completionMode: 'Indexed', completions: 3, parallelism: 2 });
    const args = jobSpec().template.spec.containers[0]?.args.join(' ');
    expect(args).toContain('--fragmento $(JOB_COMPLETION_INDEX)/3 --momento 2026-11-20T00:00:00.000Z');
    expect(args).toContain('--salida /datos/notas/$(JOB_COMPLETION_INDEX)');
    expect(args).toContain('--clave /datos/curso/clave.json');
  });

  test('the API takes all of it to the letter, with no field that it does not know', async () => {
    const api = createTestApi();
    try {
      for (const object of objects) {
        const { kind, metadata } = object;
        const { status } = await api.call(`POST ${collections[kind]}?fieldValidation=Strict`, { body: object });
        expect([kind, metadata.name, status]).toEqual([kind, metadata.name, 201]);
      }
    } finally {
      api.close();
    }
  });

  const own = `namespaces/${settings.namespace}`;
  const collections: Record<string, string> = {
    Namespace: '/api/v1/namespaces',
    NetworkPolicy: `/apis/networking.k8s.io/v1/${own}/networkpolicies`,
    PersistentVolumeClaim: `/api/v1/${own}/persistentvolumeclaims`,
    Pod: `/api/v1/${own}/pods`,
    Job: `/apis/batch/v1/${own}/jobs`,
  };

  test('of somebody’s volume, neither the volume nor the namespace is made', () => {
    const kinds = placeObjects({ ...settings, volume: 'entregas' }).map((o) => o.kind);
    expect(kinds).toEqual(['NetworkPolicy', 'Pod']);
  });

  type PodSpec = { containers: { args: string[]; securityContext: unknown }[] };
  function jobSpec() {
    return jobObject(settings).spec as {
      completionMode: string;
      completions: number;
      parallelism: number;
      template: { spec: PodSpec };
    };
  }
});

describe('the carrier', () => {
  const target = { namespace: 'malla-calificar', pod: names.carrier, container: 'malla' };

  test('files come back as they went, names with spaces and accents and contents longer than a word too', async () => {
    const carrier = createCarrier({ exec: execHere }, target, 'node');
    const long = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));
    const files = [
      { path: 'Ana Núñez_123/entrega.zip', content: Buffer.from([0, 255, 10]) },
      { path: 'b.zip', content: long },
      { path: 'vacía.zip', content: Buffer.alloc(0) },
    ];
    await carrier.put(places.submissions, files);
    const back = await carrier.take(places.submissions);
    expect(back.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual(files);
    expect(await carrier.take('/datos/nada')).toEqual([]);
  });

  test('a name that leads out of the folder is refused', async () => {
    const carrier = createCarrier({ exec: execHere }, target, 'node');
    await expect(carrier.put(places.submissions, [{ path: '../fuera', content: Buffer.alloc(1) }])).rejects.toThrow(
      '../fuera',
    );
  });
});

describe('a class on a cluster', () => {
  test('goes there, is graded by parts, comes home, and leaves nothing', async () => {
    const cluster = memory({ job: runJob });
    const folders = await gradeOnCluster({ ...options(cluster.client), submissions: submissionsOf(7) });
    expect(folders.map((f) => f.slice(folder.length + 1))).toEqual(['casa/0', 'casa/1', 'casa/2']);
    const graded = await Promise.all(folders.map((f) => readdir(f)));
    expect(graded.flat().toSorted()).toEqual(submissionsOf(7).map((s) => `${s.path}.json`));
    expect(cluster.kinds()).toEqual([]);
  });

  test('a pod that a new namespace does not take yet is asked for again', async () => {
    const cluster = memory({ job: runJob, reluctant: 3 });
    const folders = await gradeOnCluster({ ...options(cluster.client), submissions: submissionsOf(2) });
    expect(folders).toHaveLength(settings.parts);
  });

  test('of somebody’s volume, only the pods and the Job are taken away', async () => {
    const cluster = memory({ job: runJob });
    const own = { ...settings, volume: 'suyo' };
    await gradeOnCluster({ ...options(cluster.client), settings: own, submissions: submissionsOf(2) });
    expect(cluster.removed()).not.toContain('Namespace');
    expect(cluster.kinds()).toEqual([]);
  });

  test('a namespace that is there is somebody’s', async () => {
    const cluster = memory({ job: runJob });
    await cluster.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: settings.namespace } }, 'x');
    await expect(gradeOnCluster(options(cluster.client))).rejects.toMatchObject({ code: 'MALLA-ENT-60' });
    expect(cluster.kinds()).toEqual(['Namespace']);
  });

  test.each<[string, Parameters<typeof memory>[0], RegExp]>([
    ['without its image', { waiting: { reason: 'ErrImageNeverPull' } }, /ErrImageNeverPull/],
    [
      'that fails',
      { job: async () => ({ conditions: [{ type: 'Failed', status: 'True', message: 'índice 1' }] }) },
      /índice 1/,
    ],
  ])('a Job %s is told with its reason, and nothing stays', async (_name, faults, told) => {
    const cluster = memory(faults);
    await expect(gradeOnCluster(options(cluster.client))).rejects.toMatchObject({
      code: 'MALLA-ENT-61',
      happened: expect.stringMatching(told),
    });
    expect(cluster.kinds()).toEqual([]);
  });

  function options(client: KubeClient): OnClusterOptions {
    return {
      client,
      settings,
      submissions: submissionsOf(3),
      key: '{}',
      folder: join(folder, 'casa'),
      keep: false,
      signal: new AbortController().signal,
      onProgress() {},
      wait: async () => {},
    };
  }
});

function submissionsOf(count: number) {
  return Array.from({ length: count }, (_, i) => ({ path: `a${i}.zip`, content: Buffer.from(`entrega ${i}`) }));
}

/** As its pods do: each takes its part of what there is, by name. */
async function runJob(): Promise<object> {
  const root = join(folder, 'volumen');
  const all = (await readdir(join(root, 'entregas'))).toSorted();
  for (const [i, name] of all.entries()) {
    const out = join(root, 'notas', String(i % settings.parts));
    await mkdir(out, { recursive: true });
    await writeFile(join(out, `${name}.json`), await readFile(join(root, 'entregas', name)));
  }
  return { succeeded: settings.parts, conditions: [{ type: 'Complete', status: 'True' }] };
}

function memory({
  job,
  waiting,
  reluctant = 0,
}: {
  job?: () => Promise<object>;
  waiting?: object;
  reluctant?: number;
} = {}) {
  let refusals = reluctant;
  const kept = new Map<string, KubeObject>();
  const gone: string[] = [];
  const key = ({ kind, name }: Pick<ObjectRef, 'kind' | 'name'>) => `${kind}/${name}`;
  const client = {
    get: async (ref: ObjectRef) => kept.get(key(ref)),
    list: async () => [],
    async apply(object: KubeObject) {
      if (object.kind === 'Pod' && refusals-- > 0) throw new Error('serviceaccount "default" not found');
      const status =
        object.kind === 'Pod'
          ? waiting
            ? { containerStatuses: [{ state: { waiting } }] }
            : { conditions: [{ type: 'Ready', status: 'True' }] }
          : object.kind === 'Job'
            ? await job?.()
            : undefined;
      kept.set(key({ kind: object.kind, name: object.metadata.name }), status ? { ...object, status } : object);
      return { object, change: 'created' as const };
    },
    async remove(ref: ObjectRef) {
      gone.push(ref.kind);
      if (ref.kind === 'Namespace') kept.clear();
      return kept.delete(key(ref));
    },
    exec: execHere,
  } as unknown as KubeClient;
  return { client, kinds: () => [...kept.values()].map((o) => o.kind), removed: () => gone };
}
