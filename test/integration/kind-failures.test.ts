// kind clusters when something goes wrong: each failure has its code, and nothing of ours is left nor anything of others touched.

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createKind } from '../../src/cluster/kind/create.ts';
import { kindFiles } from '../../src/cluster/kind/kind-files.ts';
import { findKindTools } from '../../src/cluster/kind/tools.ts';
import { type FakeRule, type Fakes, makeFakes } from './fakes/fakes.ts';
import { dockerWithCluster, goodDocker, goodKind, phases } from './fakes/kind-rules.ts';
import { runMalla } from './support/run-malla.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'malla-kind-'));
});
// A program that was stopped may still be writing.
afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

const fake = (programs: Record<string, readonly FakeRule[]>): Promise<Fakes> => makeFakes(join(home, 'bin'), programs);

/** With the fakes alone on PATH. */
function run({ folder }: Fakes, argv: string[], options: Parameters<typeof runMalla>[3] = {}) {
  return runMalla(home, { PATH: folder }, argv, options);
}

/** The code that `malla kind …` ends with. Without ports: on this machine somebody may have them. */
async function codeOf(fakes: Fakes, verb: string, ...options: string[]): Promise<string> {
  const ports = verb === 'crear' && !options.includes('--json') ? ['--sin-puertos', '--json'] : ['--json'];
  const { stdout } = await run(fakes, ['kind', verb, ...options, ...ports]);
  const said: unknown = JSON.parse(stdout);
  const { error } = said as { error?: { code: string } };
  return error?.code ?? 'sin error';
}

const creation = (rule: Omit<FakeRule, 'args'>): FakeRule[] => [{ args: '^create cluster ', ...rule }, ...goodKind];

describe('a program that is missing or does not serve', () => {
  test.each<[string, string, Record<string, readonly FakeRule[]>]>([
    ['kind is missing', 'MALLA-KND-01', { docker: goodDocker }],
    [
      'kind is too old',
      'MALLA-KND-02',
      { docker: goodDocker, kind: [{ args: '^version', stdout: 'kind v0.11.1 go1.16\n' }] },
    ],
    ['kind writes nonsense', 'MALLA-KND-07', { docker: goodDocker, kind: [{ args: '.', garbage: true }] }],
    ['kind fails', 'MALLA-PRG-03', { docker: goodDocker, kind: [{ args: '.', stderr: 'roto\n', exitCode: 2 }] }],
    ['docker is missing', 'MALLA-KND-03', { kind: goodKind }],
    [
      'docker is stopped',
      'MALLA-KND-04',
      {
        kind: goodKind,
        docker: [
          {
            args: '.',
            stderr:
              'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n',
            exitCode: 1,
          },
        ],
      },
    ],
    [
      'docker gives no permission',
      'MALLA-KND-05',
      {
        kind: goodKind,
        docker: [
          {
            args: '.',
            stderr:
              'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n',
            exitCode: 1,
          },
        ],
      },
    ],
    ['docker writes nonsense', 'MALLA-KND-07', { kind: goodKind, docker: [{ args: '.', garbage: true }] }],
    [
      'docker writes nonsense when it is asked for its machine',
      'MALLA-KND-07',
      { kind: goodKind, docker: [{ args: '^info ', stdout: '{"NCPU":"muchas"}' }, ...goodDocker] },
    ],
  ])('%s: %s', async (_what, code, programs) => {
    expect(await codeOf(await fake(programs), 'crear')).toBe(code);
  });

  test.each<[string, string, Record<string, readonly FakeRule[]>]>([
    ['kind', 'MALLA-PRG-05', { docker: goodDocker, kind: [{ args: '.', hangs: true }] }],
    ['docker', 'MALLA-KND-06', { kind: goodKind, docker: [{ args: '.', hangs: true }] }],
  ])('%s that hangs is stopped: %s', async (_name, code, programs) => {
    const { folder } = await fake(programs);
    await expect(findKindTools({ home, env: { PATH: folder }, patience: 1500 })).rejects.toMatchObject({ code });
  });

  test('another runtime that works is used when docker does not', async () => {
    const { folder } = await fake({
      kind: goodKind,
      docker: [{ args: '.', stderr: 'Cannot connect to the Docker daemon\n', exitCode: 1 }],
      podman: [{ args: '^info ', stdout: '5.2.0\n' }],
    });
    const tools = await findKindTools({ home, env: { PATH: folder } });
    expect(tools.runtime).toMatchObject({ name: 'podman', version: '5.2.0' });
    expect(tools.env.KIND_EXPERIMENTAL_PROVIDER).toBe('podman');
  });

  test('without kubectl and istioctl Malla uses its own, and says where they are to be had', async () => {
    const { stdout, exitCode } = await run(await fake({ kind: goodKind }), ['kind', 'herramientas']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/✘ kubectl {2}Malla usa el suyo; se consigue en https:\/\/kubernetes\.io/);
    expect(stdout).toMatch(/✘ docker {2}se consigue en https:\/\/docs\.docker\.com/);
  });
});

describe('a creation that goes wrong', () => {
  test.each<[string, string, Omit<FakeRule, 'args'>]>([
    [
      'the disk is full',
      'MALLA-KND-10',
      {
        stderr: `${phases.begin}${phases.image}${phases.nodes}ERROR: write /var/lib/x: no space left on device\n`,
        exitCode: 1,
      },
    ],
    [
      'a port was taken meanwhile',
      'MALLA-KND-09',
      {
        stderr: `${phases.begin}${phases.nodes}ERROR: failed to create cluster: Bind for 127.0.0.1:31380 failed: port is already allocated\n`,
        exitCode: 1,
      },
    ],
    [
      'the image cannot be pulled',
      'MALLA-KND-12',
      {
        stderr: `${phases.begin} • Ensuring node image (kindest/node:v1.34.0) 🖼  ...\nERROR: failed to create cluster: failed to pull image "kindest/node:v1.34.0": exit status 1\n`,
        exitCode: 1,
      },
    ],
    [
      'nodes run out of inotify',
      'MALLA-KND-13',
      {
        stderr: `${phases.begin}${phases.nodes}ERROR: Failed to create inotify object: Too many open files\n`,
        exitCode: 1,
      },
    ],
    ['something else', 'MALLA-KND-23', { stderr: `${phases.begin}ERROR: lo que sea\n`, exitCode: 1 }],
    ['kind dies', 'MALLA-PRG-04', { stderr: `${phases.begin}${phases.image}${phases.nodes}`, dies: true }],
    ['kind writes nonsense and no cluster', 'MALLA-KND-23', { garbage: true, exitCode: 3 }],
  ])('%s: %s', async (what, code, rule) => {
    const fakes = await fake({ docker: goodDocker, kind: creation(rule) });
    expect(await codeOf(fakes, 'crear')).toBe(code);
    const deleted = (await fakes.calls()).filter((call) => call.startsWith('kind delete cluster --name malla '));
    expect(deleted).toHaveLength(what === 'kind writes nonsense and no cluster' ? 0 : 1);
    expect(await readdir(join(home, 'kind'))).toEqual([]);
  });

  test('a phase that takes too long is stopped and what was made is deleted: MALLA-KND-24', async () => {
    const fakes = await fake({
      docker: goodDocker,
      kind: creation({ stderr: `${phases.begin}${phases.nodes}`, hangs: true }),
    });
    const tools = await findKindTools({ home, env: { PATH: fakes.folder } });
    const creating = createKind({
      tools,
      files: kindFiles(home, 'malla'),
      name: 'malla',
      shape: { nodes: 1, image: 'kindest/node:v1.34.0', publish: false },
      signal: new AbortController().signal,
      deadlineOf: ({ id }) => (id === 'nodos' ? 0.3 : 120),
    });
    await expect(creating).rejects.toMatchObject({
      code: 'MALLA-KND-24',
      happened: expect.stringContaining('Preparando los nodos'),
    });
    expect(await fakes.calls()).toContainEqual(expect.stringMatching(/^kind delete cluster --name malla /));
  });

  test('cancelled in the middle, what was made is deleted and only that', async () => {
    const fakes = await fake({
      docker: goodDocker,
      kind: creation({ stderr: `${phases.begin}${phases.nodes}`, hangs: true }),
    });
    const abort = new AbortController();
    const { exitCode, stderr } = await run(fakes, ['kind', 'crear', '--sin-puertos'], {
      signal: abort.signal,
      onStderr: (text) => text.includes('Preparando los nodos') && abort.abort(),
    });
    expect(exitCode).toBe(130);
    expect(stderr).toContain('Cancelado: lo que se había creado se ha borrado.');
    const deletions = (await fakes.calls()).filter((call) => call.startsWith('kind delete'));
    expect(deletions).toEqual([`kind delete cluster --name malla --kubeconfig ${join(home, 'kind', 'kubeconfig')}`]);
  });

  test('cancelled before kind begins, nothing is deleted', async () => {
    const fakes = await fake({ docker: goodDocker, kind: creation({ hangs: true }) });
    const abort = new AbortController();
    const { exitCode } = await run(fakes, ['kind', 'crear', '--sin-puertos'], {
      signal: abort.signal,
      onStderr: (text) => text.includes('Arrancando kind') && abort.abort(),
    });
    expect(exitCode).toBe(130);
    expect((await fakes.calls()).filter((call) => call.includes('delete'))).toEqual([]);
  });

  test('what cannot be deleted is said: MALLA-KND-26', async () => {
    const fakes = await fake({
      docker: goodDocker,
      kind: [
        { args: '^delete ', stderr: 'docker se fue\n', exitCode: 1 },
        ...creation({ stderr: phases.begin, exitCode: 1 }),
      ],
    });
    expect(await codeOf(fakes, 'crear')).toBe('MALLA-KND-26');
  });

  test('a cluster that appears at the same moment is not deleted', async () => {
    const stderr = 'ERROR: failed to create cluster: node(s) already exist for a cluster with the name "malla"\n';
    const fakes = await fake({ docker: goodDocker, kind: creation({ stderr, exitCode: 1 }) });
    expect(await codeOf(fakes, 'crear')).toBe('MALLA-KND-20');
    expect((await fakes.calls()).filter((call) => call.includes('delete'))).toEqual([]);
  });
});

describe('what is found out before anything is made', () => {
  const untouched = async (fakes: Fakes): Promise<void> =>
    expect((await fakes.calls()).filter((call) => /create|delete|start|stop/.test(call))).toEqual([]);

  test('a folder where the kubeconfig cannot be written: MALLA-KND-14', async () => {
    await writeFile(join(home, 'kind'), 'a file where the folder should be');
    const fakes = await fake({ docker: goodDocker, kind: goodKind });
    expect(await codeOf(fakes, 'crear')).toBe('MALLA-KND-14');
    await untouched(fakes);
  });

  test('a port of the entry that somebody has: MALLA-KND-09, and --sin-puertos goes on', async () => {
    const server = await listen(31_380);
    try {
      const fakes = await fake({ docker: goodDocker, kind: creation({ stderr: 'ERROR: hasta aquí\n', exitCode: 1 }) });
      expect(await codeOf(fakes, 'crear', '--json')).toBe('MALLA-KND-09');
      await untouched(fakes);
      expect(await codeOf(fakes, 'crear')).toBe('MALLA-KND-23');
    } finally {
      server?.close();
    }
  });

  test('an image that would have to be pulled is not without a yes', async () => {
    const docker = [
      { args: '^image inspect ', stderr: 'Error: No such image: kindest/node\n', exitCode: 1 },
      ...goodDocker,
    ];
    const fakes = await fake({ docker, kind: creation({ stderr: 'ERROR: hasta aquí\n', exitCode: 1 }) });
    expect(await codeOf(fakes, 'crear')).toBe('MALLA-USO-30');
    await untouched(fakes);
    expect(await codeOf(fakes, 'crear', '--si')).toBe('MALLA-KND-23');
  });

  test('a machine that is too small: MALLA-KND-08', async () => {
    const info = JSON.stringify({ NCPU: 1, MemTotal: 2e9, CgroupVersion: '2' });
    const fakes = await fake({ docker: [{ args: '^info ', stdout: info }, ...goodDocker], kind: goodKind });
    expect(await codeOf(fakes, 'crear')).toBe('MALLA-KND-08');
    await untouched(fakes);
  });

  test('a name that no cluster can have: MALLA-KND-27', async () => {
    expect(await codeOf(await fake({ docker: goodDocker, kind: goodKind }), 'crear', '--nombre', '../x')).toBe(
      'MALLA-KND-27',
    );
  });
});

describe('a cluster of the same name that Malla did not make', () => {
  const withStranger = (running: boolean) =>
    fake({
      docker: dockerWithCluster('f00', running),
      kind: [{ args: '^get kubeconfig', stdout: 'apiVersion: v1\nkind: Config\n' }, ...goodKind],
    });

  test.each(['crear', 'parar', 'arrancar', 'borrar'])('kind %s does not touch it: MALLA-KND-20', async (verb) => {
    const fakes = await withStranger(verb !== 'arrancar');
    expect(await codeOf(fakes, verb, ...(verb === 'borrar' ? ['--si'] : []))).toBe('MALLA-KND-20');
    expect((await fakes.calls()).filter((call) => /create|delete|start|stop/.test(call))).toEqual([]);
    expect(await readdir(join(home, 'kind')).catch(() => [])).toEqual([]);
  });

  test('one that was adopted is not deleted: MALLA-KND-21', async () => {
    const fakes = await withStranger(true);
    await mkdir(join(home, 'kind'));
    await writeFile(join(home, 'kind', 'cluster.json'), JSON.stringify({ containers: ['f00'], made: false }));
    expect(await codeOf(fakes, 'borrar', '--si')).toBe('MALLA-KND-21');
    expect((await fakes.calls()).filter((call) => call.includes('delete'))).toEqual([]);
  });

  test('what Malla left when it was killed in the middle is deleted, and it begins again', async () => {
    const fakes = await fake({
      docker: dockerWithCluster('f00'),
      kind: creation({ stderr: 'ERROR: hasta aquí\n', exitCode: 1 }),
    });
    const left = { containers: [], made: true, since: Date.parse('2026-11-21T16:56:59Z') };
    await mkdir(join(home, 'kind'));
    await writeFile(join(home, 'kind', 'cluster.json'), JSON.stringify(left));
    expect(await codeOf(fakes, 'crear')).toBe('MALLA-KND-23');
    expect(
      (await fakes.calls()).filter((call) => /^kind (create|delete)/.test(call)).map((call) => call.split(' ')[1]),
    ).toEqual(['delete', 'create']);
    expect(await readdir(join(home, 'kind'))).toEqual([]);
  });

  test('what was there before that attempt is not Malla’s', async () => {
    const fakes = await withStranger(true);
    const left = { containers: [], made: true, since: Date.parse('2026-11-21T16:57:01Z') };
    await mkdir(join(home, 'kind'));
    await writeFile(join(home, 'kind', 'cluster.json'), JSON.stringify(left));
    expect(await codeOf(fakes, 'borrar', '--si')).toBe('MALLA-KND-20');
  });

  test('one that was made again by somebody else is no longer Malla’s', async () => {
    const fakes = await withStranger(true);
    await mkdir(join(home, 'kind'));
    await writeFile(join(home, 'kind', 'cluster.json'), JSON.stringify({ containers: ['0ld'], made: true }));
    expect(await codeOf(fakes, 'borrar', '--si')).toBe('MALLA-KND-20');
  });
});

/** Undefined when somebody else has it: all the same for who only wants it busy. */
function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port }, () => resolve(server));
  });
}
