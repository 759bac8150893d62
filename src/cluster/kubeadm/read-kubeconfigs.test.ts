import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubeconfigFiles, readKubeconfigs } from './find-kubeconfigs.ts';
import { parseKubeconfig } from './kubeconfig-document.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-kcf-'));
});
afterAll(() => rm(folder, { recursive: true }));

const none = new Set<string>();
const config = (name: string, server = `https://${name}.example:6443`) =>
  JSON.stringify({
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token: name } }],
  });

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

const read = (path: string, agreed: ReadonlySet<string> = none) =>
  readKubeconfigs({ file: path, env: {}, home: folder, cwd: folder }, agreed);

describe('which files count', () => {
  const where = { env: {}, home: '/casa', cwd: '/aqui' };

  test('without anything, the one of the home folder', () => {
    expect(kubeconfigFiles(where)).toEqual(['/casa/.kube/config']);
  });

  test('those of KUBECONFIG, in their order', () => {
    const KUBECONFIG = ['/a', '', 'b', '/a'].join(delimiter);
    expect(kubeconfigFiles({ ...where, env: { KUBECONFIG } })).toEqual(['/a', '/aqui/b']);
  });

  test('the one that the command line names, and no other', () => {
    expect(kubeconfigFiles({ ...where, env: { KUBECONFIG: '/a' }, file: 'c' })).toEqual(['/aqui/c']);
  });
});

describe('many files are one, as for kubectl', () => {
  test('who names something first wins, and so does the current context', async () => {
    const first = await file('first', config('a', 'https://first.example'));
    const second = await file('second', `${config('a', 'https://second.example')}`);
    const third = await file('third', config('b'));
    const KUBECONFIG = [first, second, join(folder, 'absent'), third].join(delimiter);
    const merged = await readKubeconfigs({ env: { KUBECONFIG }, home: folder, cwd: folder }, none);
    expect(merged.current).toBe('a');
    expect([...merged.contexts.keys()].toSorted()).toEqual(['a', 'b']);
    expect(merged.clusters.get('a')?.body.server).toBe('https://first.example');
  });

  test('relative paths count from the folder of their own file', async () => {
    await mkdir(join(folder, 'inner'));
    const inner = await file('inner/config', config('c'));
    const merged = await readKubeconfigs({ env: { KUBECONFIG: inner }, home: folder, cwd: '/' }, none);
    expect(merged.users.get('c')?.folder).toBe(join(folder, 'inner'));
  });

  test('none of them there is MALLA-KCF-01', async () => {
    const KUBECONFIG = ['/no/hay', '/tampoco'].join(delimiter);
    await expect(readKubeconfigs({ env: { KUBECONFIG }, home: folder, cwd: folder }, none)).rejects.toMatchObject({
      code: 'MALLA-KCF-01',
    });
  });
});

describe('files that are not fit', () => {
  const refused = async (path: string, code: string, agreed?: ReadonlySet<string>) =>
    expect(read(path, agreed)).rejects.toMatchObject({ code });

  test('one that is not there, a folder, a device', async () => {
    await refused(join(folder, 'nothing'), 'MALLA-KCF-01');
    await refused(folder, 'MALLA-KCF-02');
    await refused('/dev/zero', 'MALLA-KCF-02');
  });

  test.skipIf(process.platform === 'win32')('a pipe, without waiting for who would write in it', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await refused(pipe, 'MALLA-KCF-02');
  });

  test('one of more than a megabyte', async () => {
    await refused(await file('huge', Buffer.alloc(1024 * 1024 + 1, 'a')), 'MALLA-KCF-03');
  });

  test.each([
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1])],
    ['UTF-16, as PowerShell writes', Buffer.from(config('a'), 'utf16le')],
    ['Latin 1', Buffer.from('kind: Config\nñ: 1\n', 'latin1')],
  ])('%s is MALLA-KCF-04', async (name, bytes) => {
    await refused(await file(`coded-${name.slice(0, 5)}`, bytes), 'MALLA-KCF-04');
  });

  test.each([
    ['no YAML', '{ a: ['],
    ['a list', '- a\n'],
    ['another kind', 'kind: Pod\n'],
    ['contexts that are no list', 'contexts: 3\n'],
    ['a context without a name', 'contexts: [{context: {}}]\n'],
    ['nothing at all', ''],
    ['lists in lists without end', '['.repeat(20_000)],
  ])('%s is MALLA-KCF-05', (_what, content) => {
    expect(() => parseKubeconfig(Buffer.from(content), '/x')).toThrow(
      expect.objectContaining({ code: 'MALLA-KCF-05' }),
    );
  });

  test('a bomb of aliases is MALLA-KCF-06, and does not go off', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 30; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(() => parseKubeconfig(Buffer.from(lines.join('\n')), '/x')).toThrow(
      expect.objectContaining({ code: 'MALLA-KCF-06' }),
    );
  });

  test.each([
    ['keys', Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['lines', 'a: |\n'.padEnd(400_000, '  x\n')],
    ['lists in lists of one sign each', '- '.repeat(200_000)],
  ])('a file of nothing but %s is MALLA-KCF-03 before anybody reads it as YAML', (_what, content) => {
    expect(() => parseKubeconfig(Buffer.from(content), '/x')).toThrow(
      expect.objectContaining({ code: 'MALLA-KCF-03' }),
    );
  });

  test('names that objects have of their own are only names', () => {
    const found = parseKubeconfig(Buffer.from('contexts: [{name: __proto__, context: {cluster: constructor}}]'), '/x');
    expect([...found.contexts.keys()]).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).cluster).toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')('dangers of the file itself', () => {
  test('a symbolic link is not followed until it is agreed to', async () => {
    const link = join(folder, 'link');
    await symlink(await file('behind', config('a')), link);
    await expect(read(link)).rejects.toMatchObject({ code: 'MALLA-KCF-28' });
    expect((await read(link, new Set(['MALLA-KCF-28']))).current).toBe('a');
  });

  test('a file that others may change is not read until it is agreed to', async () => {
    const open = await file('open', config('a'));
    await chmod(open, 0o666);
    await expect(read(open)).rejects.toMatchObject({ code: 'MALLA-KCF-29' });
    expect((await read(open, new Set(['MALLA-KCF-29']))).current).toBe('a');
  });
});
