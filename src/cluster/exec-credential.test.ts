import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { execCredential } from './exec-credential.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-plugin-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A plugin that counts how often it runs, and prints what it is told. */
function plugin(printed: string, more: Record<string, unknown> = {}) {
  const trace = join(folder, `${Math.random()}`);
  const script = `require('fs').appendFileSync(${JSON.stringify(trace)}, process.env.KUBERNETES_EXEC_INFO + '\\n'); ${printed}`;
  let now = 0;
  const ask = execCredential({
    exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script], ...more },
    cluster: { server: 'https://10.0.0.1', authority: 'Q0E=' },
    env: process.env,
    home: folder,
    now: () => now,
  });
  const runs = async () => (await readFile(trace, 'utf8').catch(() => '')).split('\n').filter((l) => l !== '');
  return { ask, runs, at: (time: number) => (now = time) };
}

const print = (status: object) => `console.log(${JSON.stringify(JSON.stringify({ kind: 'ExecCredential', status }))})`;

test('a token is asked for once, and anew before it runs out', async () => {
  const { ask, runs, at } = plugin(print({ token: 't', expirationTimestamp: '1970-01-01T01:00:00Z' }));
  expect(await Promise.all([ask(), ask()])).toEqual([{ token: 't' }, { token: 't' }]);
  at(3_000_000);
  await ask();
  expect(await runs()).toHaveLength(1);
  at(3_590_000);
  await ask();
  expect(await runs()).toHaveLength(2);
});

test('a certificate and its key come together', async () => {
  const { ask } = plugin(print({ clientCertificateData: 'C', clientKeyData: 'K' }));
  expect(await ask()).toEqual({ certificate: 'C', key: 'K' });
  await expect(plugin(print({ clientCertificateData: 'C' })).ask()).rejects.toMatchObject({ code: 'MALLA-CLU-12' });
});

test('the program hears of the cluster only when it asks to', async () => {
  const silent = plugin(print({ token: 't' }));
  await silent.ask();
  expect(JSON.parse((await silent.runs())[0] ?? '')).toEqual({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { interactive: false },
  });
  const told = plugin(print({ token: 't' }), { provideClusterInfo: true });
  await told.ask();
  expect((await told.runs())[0]).toContain('"server":"https://10.0.0.1"');
});

test.each<[string, string, Record<string, unknown>]>([
  ['fails', 'process.exit(3)', {}],
  ['prints something else', 'console.log("hola")', {}],
  ['gives nothing', print({}), {}],
  ['is not there', '', { command: 'no-existe-este-programa' }],
  ['wants a terminal', '', { interactiveMode: 'Always' }],
])('a program that %s is MALLA-CLU-12', async (_what, printed, more) => {
  await expect(plugin(printed, more).ask()).rejects.toMatchObject({ code: 'MALLA-CLU-12', reason: 'unauthorized' });
});
