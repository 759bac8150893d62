import { access, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readKubeconfig } from '../kubeconfig.ts';
import { certificate, key, strangerKey } from './certificates.fixture.ts';
import { parseKubeconfig } from './kubeconfig-document.ts';
import { ownKubeconfig } from './own-kubeconfig.ts';
import { listContexts, pickContext } from './pick-context.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-own-'));
  await mkdir(join(folder, 'kube'));
  await writeFile(join(folder, 'kube', 'ca.crt'), certificate, { mode: 0o600 });
  await writeFile(join(folder, 'outside.crt'), certificate, { mode: 0o600 });
  await writeFile(join(folder, 'token'), 'secret', { mode: 0o600 });
});
afterAll(() => rm(folder, { recursive: true }));

interface Parts {
  user?: object;
  cluster?: object;
  context?: object;
}

const now = Date.UTC(2100, 0, 1);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const withCertificate = { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };

function written({ user = { token: 't' }, cluster = {}, context = {} }: Parts) {
  const config = {
    'current-context': 'a',
    contexts: [{ name: 'a', context: { cluster: 'c', user: 'u', ...context } }],
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:6443', ...cluster } }],
    users: [{ name: 'u', user }],
  };
  return parseKubeconfig(Buffer.from(JSON.stringify(config)), join(folder, 'kube', 'config'));
}

const picked = (parts: Parts) => pickContext(written(parts));
const codes = (parts: Parts) => picked(parts).dangers.map((d) => d.code);
const copy = (parts: Parts, agreed: string[] = [], at = now) =>
  ownKubeconfig(picked(parts), { agreed: new Set(agreed), now: at });

describe('the copy', () => {
  test('has one context, its certificates inside and nothing of the rest', async () => {
    const text = await copy({
      user: { ...withCertificate, extensions: [{ name: 'x' }] },
      cluster: { 'certificate-authority': 'ca.crt' },
      context: { namespace: 'clase' },
    });
    const path = join(folder, 'copy');
    await writeFile(path, text, { mode: 0o600 });
    const way = await readKubeconfig(path);
    expect([way.tls.ca, way.tls.cert, way.tls.key].map(String)).toEqual([certificate, certificate, key]);
    expect(JSON.parse(text)).toMatchObject({
      contexts: [{ name: 'a', context: { namespace: 'clase' } }],
      users: [{ user: { 'client-key-data': base64(key) } }],
    });
    expect(text).not.toContain('extensions');
    expect(text).not.toContain('ca.crt');
  });

  test.each<[string, Parts, string]>([
    ['a certificate that is not one', { user: { ...withCertificate, 'client-certificate-data': base64('no') } }, '09'],
    ['a key of another certificate', { user: { ...withCertificate, 'client-key-data': base64(strangerKey) } }, '09'],
    ['a certificate without its key', { user: { 'client-certificate-data': base64(certificate) } }, '09'],
    ['what is not base64', { cluster: { 'certificate-authority-data': '%%%' } }, '09'],
    ['a token of two lines', { user: { token: 'a\r\nHost: b' } }, '09'],
    ['a file that is not there', { cluster: { 'certificate-authority': 'nothing.crt' } }, '01'],
  ])('%s is refused', async (_what, parts, code) => {
    await expect(copy(parts)).rejects.toMatchObject({ code: `MALLA-KCF-${code}` });
  });

  test('a certificate past its day, or before it, is MALLA-KCF-11 and says which day', async () => {
    const user = withCertificate;
    const expired = copy({ user }, [], Date.UTC(2200, 0, 1));
    await expect(expired).rejects.toMatchObject({
      code: 'MALLA-KCF-11',
      happened: expect.stringContaining('«ana» caducó'),
    });
    await expect(copy({ user }, [], Date.UTC(2000, 0, 1))).rejects.toMatchObject({ code: 'MALLA-KCF-11' });
  });
});

describe('a context that is not fit', () => {
  const fault = (act: () => unknown, code: string) => expect(act).toThrow(expect.objectContaining({ code }));

  test('one that is not there is MALLA-KCF-07 and names those that are', () => {
    expect(() => pickContext(written({}), 'z')).toThrow(
      expect.objectContaining({ code: 'MALLA-KCF-07', happened: expect.stringContaining('Los que hay: a.') }),
    );
  });

  test.each<[string, Parts]>([
    ['without its cluster', { context: { cluster: 'z' } }],
    ['without its user', { context: { user: 'z' } }],
    ['without a server', { cluster: { server: '' } }],
    ['with a server that is a file', { cluster: { server: 'file:///etc/passwd' } }],
    ['with a password in the address', { cluster: { server: 'https://a:b@example.org' } }],
    ['with a namespace that is a path', { context: { namespace: '../x' } }],
  ])('%s is MALLA-KCF-08', (_what, parts) => fault(() => picked(parts), 'MALLA-KCF-08'));

  test('one whose user passes for another is MALLA-KCF-10', () => {
    fault(() => picked({ user: { token: 't', as: 'root' } }), 'MALLA-KCF-10');
    fault(() => picked({ user: { token: 't', 'as-groups': ['system:masters'] } }), 'MALLA-KCF-10');
  });

  test('its name cannot move the cursor of a terminal', () => {
    expect(() => pickContext(written({}), '\u001b[2Jz')).toThrow(
      expect.objectContaining({ happened: expect.stringContaining('\\u001b[2Jz') }),
    );
  });
});

describe('dangers', () => {
  const dangers: [string, string, Parts][] = [
    ['20', 'an exec plugin', { user: { exec: { command: 'rm', args: ['-rf', '/'] } } }],
    ['21', 'an auth provider', { user: { 'auth-provider': { name: 'gcp', config: { 'cmd-path': '/bin/rm' } } } }],
    ['22', 'an authority outside the folder', { cluster: { 'certificate-authority': '../outside.crt' } }],
    [
      '22',
      'a key at an absolute path',
      { user: { 'client-certificate-data': base64(certificate), 'client-key': '/etc/shadow' } },
    ],
    ['23', 'a token file', { user: { tokenFile: '../token' } }],
    ['24', 'a proxy', { cluster: { 'proxy-url': 'http://proxy.example:3128' } }],
    ['25', 'a certificate that is not checked', { cluster: { 'insecure-skip-tls-verify': true } }],
    ['25', 'the same, as a text', { cluster: { 'insecure-skip-tls-verify': 'true' } }],
    ['26', 'plain http', { cluster: { server: 'http://10.0.0.1:8080' } }],
    ['27', 'a name of another server', { cluster: { 'tls-server-name': 'otro.example' } }],
  ];

  test.each(dangers)(
    'MALLA-KCF-%s holds %s, and an agreement to another does not help',
    async (number, _what, parts) => {
      const code = `MALLA-KCF-${number}`;
      expect(codes(parts)).toEqual([code]);
      const others = dangers.map(([n]) => `MALLA-KCF-${n}`).filter((c) => c !== code);
      await expect(copy(parts, others)).rejects.toMatchObject({
        code,
        todo: expect.stringContaining(`--acepto ${code}`),
      });
    },
  );

  test('an ordinary context has none, nor one with its files beside it', () => {
    expect(codes({})).toEqual([]);
    expect(
      codes({
        user: withCertificate,
        cluster: { 'certificate-authority': 'ca.crt', 'insecure-skip-tls-verify': false },
      }),
    ).toEqual([]);
  });

  test('all of them are told at once', async () => {
    const parts = {
      user: { exec: { command: 'x' } },
      cluster: { server: 'http://a', 'proxy-url': 'http://u:p@proxy' },
    };
    const happened = expect.stringMatching(/KCF-20.*KCF-24.*\*\*\*@proxy.*KCF-26/s);
    await expect(copy(parts)).rejects.toMatchObject({ code: 'MALLA-KCF-20', happened });
  });

  test('a plugin that would write a file does not run, neither held nor agreed to: a copy is only written', async () => {
    const trace = join(folder, 'pwned');
    const parts = {
      user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'touch', args: [trace] } },
    };
    await expect(copy(parts)).rejects.toMatchObject({ code: 'MALLA-KCF-20' });
    listContexts(written(parts));
    const text = await copy(parts, ['MALLA-KCF-20']);
    await expect(access(trace)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(JSON.parse(text).users[0].user.exec.command).toBe('touch');
  });

  test('a plugin beside its kubeconfig is found from the copy', async () => {
    const text = await copy({ user: { exec: { command: './plugin' } } }, ['MALLA-KCF-20']);
    expect(JSON.parse(text).users[0].user.exec.command).toBe(join(folder, 'kube', 'plugin'));
  });

  test.skipIf(process.platform === 'win32')('a link inside the folder that leads out is held', async () => {
    await symlink(join(folder, 'outside.crt'), join(folder, 'kube', 'inside.crt'));
    const parts = { cluster: { 'certificate-authority': 'inside.crt' } };
    await expect(copy(parts)).rejects.toMatchObject({ code: 'MALLA-KCF-22' });
    await expect(copy(parts, ['MALLA-KCF-22'])).rejects.toMatchObject({ code: 'MALLA-KCF-28' });
    await expect(copy(parts, ['MALLA-KCF-22', 'MALLA-KCF-28'])).resolves.toContain('certificate-authority-data');
  });

  test('a file outside that is agreed to goes into the copy; a device does not', async () => {
    const agreed = ['MALLA-KCF-22'];
    const text = await copy({ cluster: { 'certificate-authority': '../outside.crt' } }, agreed);
    expect(JSON.parse(text).clusters[0].cluster).toEqual({
      server: 'https://127.0.0.1:6443',
      'certificate-authority-data': base64(certificate),
    });
    await expect(copy({ cluster: { 'certificate-authority': '/dev/zero' } }, agreed)).rejects.toMatchObject({
      code: 'MALLA-KCF-02',
    });
  });

  test('the list of contexts shows what holds each', () => {
    expect(listContexts(written({ user: { exec: { command: 'x' } } }))).toEqual([
      { name: 'a', current: true, server: 'https://127.0.0.1:6443', user: 'u', held: ['MALLA-KCF-20'] },
    ]);
  });
});
