// Joining the real cluster by its kubeconfig, as a kubeadm cluster is joined, and the ways in which that is refused. The
// cluster is given by MALLA_REAL_KUBECONFIG; nothing of it is changed.
import { access, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Host } from '../../src/cli/host.ts';
import { malla } from '../../src/cli/malla.ts';
import { connect } from '../../src/cluster/client.ts';
import { holdEntry } from '../../src/cluster/entry/find-entry.ts';
import { readKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { hostFor } from '../integration/support/sandbox.ts';

const admin = process.env.MALLA_REAL_KUBECONFIG ?? '';
if (!admin) console.warn('MALLA_REAL_KUBECONFIG is not set: no real cluster is joined.');

interface Config {
  'current-context': string;
  clusters: { cluster: Record<string, unknown> }[];
  users: { user: Record<string, unknown> }[];
}

describe.runIf(admin)('joining a real cluster', () => {
  let folder: string;
  let context: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'malla-unir-'));
    ({ 'current-context': context } = parse(await readFile(admin, 'utf8')) as Config);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs `malla …` as a program without a terminal would. */
  async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
    const host = hostFor(join(folder, 'casa'));
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const texts = { out: '', err: '' };
    stdout.on('data', (chunk) => (texts.out += chunk));
    stderr.on('data', (chunk) => (texts.err += chunk));
    const code = await malla(argv, { ...host, stdout, stderr, stdin: new PassThrough() } as Host);
    return { code, ...texts };
  }

  /** A copy of the kubeconfig with something changed. */
  async function altered(change: (config: Config) => void): Promise<string> {
    const config = parse(await readFile(admin, 'utf8')) as Config;
    change(config);
    const path = join(folder, 'alterado');
    await writeFile(path, JSON.stringify(config), { mode: 0o600 });
    return path;
  }

  test('a look tells its facts, and changes nothing', async () => {
    const { code, out } = await run('kubeadm', 'mirar', '--kubeconfig', admin, '--json');
    const { survey, refusal } = JSON.parse(out) as {
      survey: { nodes: { ready: boolean }[]; rights: { allowed: boolean }[] };
      refusal?: unknown;
    };
    expect([code, refusal]).toEqual([0, undefined]);
    expect(survey.nodes.length).toBeGreaterThan(0);
    expect(survey.rights.every((r) => r.allowed)).toBe(true);
    await expect(access(join(folder, 'casa', 'cluster.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('without a terminal nothing is joined until it is confirmed', async () => {
    const { code, err } = await run('kubeadm', 'unir', '--kubeconfig', admin, '--todo-el-cluster');
    expect(code).toBe(69);
    expect(err).toMatch(/MALLA-(KCF-30|USO-30)/);
    expect(
      (await run('kubeadm', 'unir', '--kubeconfig', admin, '--todo-el-cluster', '--confirmo', 'otro')).err,
    ).toMatch(/MALLA-(KCF-30|USO-30)/);
  });

  test('joined, it is the chosen one, with a copy of Malla’s own; the user’s file stays as it was', async () => {
    const before = await readFile(admin, 'utf8');
    const joined = await run(
      'kubeadm',
      'unir',
      '--kubeconfig',
      admin,
      '--todo-el-cluster',
      '--confirmo',
      context,
      '--json',
    );
    expect(joined.code).toBe(0);
    const { kubeconfig, entry } = JSON.parse(joined.out) as { kubeconfig: string; entry: string };
    expect((await stat(kubeconfig)).mode & 0o777).toBe(0o600);
    expect(await readFile(kubeconfig, 'utf8')).not.toContain(admin);
    expect(entry).toMatch(/^http:\/\//);
    expect(await connect(kubeconfig).list({ apiVersion: 'v1', kind: 'Node' })).not.toEqual([]);
    expect(await readFile(admin, 'utf8')).toBe(before);
    const released = await run('kubeadm', 'soltar', '--json');
    expect(JSON.parse(released.out)).toEqual({ released: true });
    await expect(access(kubeconfig)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a plugin that would write a file does not run until its danger is agreed to', async () => {
    const trace = join(folder, 'rastro');
    const path = await altered(({ users }) => {
      const exec = {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'touch',
        args: [trace],
        interactiveMode: 'Never',
      };
      for (const u of users) u.user = { exec };
    });
    for (const verb of [['contextos'], ['mirar'], ['unir', '--si', '--confirmo', context]])
      await run('kubeadm', ...verb, '--kubeconfig', path);
    await expect(access(trace)).rejects.toMatchObject({ code: 'ENOENT' });
    // That the attempt is a true one: agreed to, it runs.
    await run('kubeadm', 'mirar', '--kubeconfig', path, '--acepto', 'MALLA-KCF-20');
    await expect(access(trace)).resolves.toBeUndefined();
  });

  const ofUser = (change: (user: Record<string, unknown>) => void) => (config: Config) => {
    for (const { user } of config.users) change(user);
  };
  const ofCluster = (fields: Record<string, unknown>) => (config: Config) => {
    for (const { cluster } of config.clusters) Object.assign(cluster, fields);
  };

  test.each<[string, string, (config: Config) => void]>([
    [
      'a user that nobody knows',
      'MALLA-CLU-12',
      ofUser((user) => {
        for (const key of Object.keys(user)) delete user[key];
        user.token = 'no-vale';
      }),
    ],
    ['an authority that did not sign', 'MALLA-KCF-45', ofCluster({ 'certificate-authority-data': undefined })],
    ['a cluster that is off', 'MALLA-CLU-11', ofCluster({ server: 'https://127.0.0.1:1' })],
    ['a certificate that is not checked', 'MALLA-KCF-25', ofCluster({ 'insecure-skip-tls-verify': true })],
    ['a name of another server', 'MALLA-KCF-27', ofCluster({ 'tls-server-name': 'otro.example' })],
  ])('%s is %s', async (_what, code, change) => {
    const { err, code: exit } = await run('kubeadm', 'mirar', '--kubeconfig', await altered(change));
    expect(err).toContain(code);
    expect(exit).toBe(69);
  });

  test('where no address of the cluster is within reach, a port of this machine leads to the gateway', async () => {
    const stop = new AbortController();
    const held = await holdEntry({
      client: connect(admin),
      probe: async () => 'silent',
      way: () => readKubeconfig(admin),
      signal: stop.signal,
    });
    if (!('entry' in held)) throw new Error(held.why);
    const { by, entry, why } = held;
    expect([by, new URL(entry).hostname]).toEqual(['port-forward', '127.0.0.1']);
    expect(why).toContain('ningún nodo contesta');
    const open = () =>
      fetch(entry, { signal: AbortSignal.timeout(10_000) }).then(
        () => true,
        (e: Error) => /reset|closed|other side/i.test(String(e.cause)),
      );
    expect(await open()).toBe(true);
    held.close();
    await expect(fetch(entry)).rejects.toThrow();
  });
});
