// The process of the embedded cluster: who it answers, what it survives, and what it says when it cannot start.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { deleteEmbedded, statusEmbedded, stopEmbedded } from '../../src/cluster/embedded/embedded.ts';
import {
  ask,
  type Credentials,
  createTestCluster,
  credentials,
  simulatorEntry,
  type TestCluster,
} from './support/embedded.ts';

const clusters: TestCluster[] = [];
afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.remove();
});

async function newCluster(): Promise<TestCluster> {
  const cluster = await createTestCluster();
  clusters.push(cluster);
  return cluster;
}

const configMap = (name: string) => JSON.stringify({ metadata: { name }, data: { a: 'b' } });
const configMaps = '/api/v1/namespaces/default/configmaps';
const json = { 'content-type': 'application/json' };

describe('life of the process', () => {
  test('it starts once, is found again, keeps its ports and contents, and goes', async () => {
    const cluster = await newCluster();
    const first = await cluster.start();
    expect(first).toMatchObject({
      kind: 'embebido',
      started: true,
      entry: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(await cluster.start()).toEqual({ ...first, started: false });
    await ask(credentials(first.kubeconfig), configMaps, { method: 'POST', headers: json, body: configMap('kept') });
    expect(await stopEmbedded(cluster)).toBe(true);
    expect(await statusEmbedded(cluster)).toEqual({ running: false });
    expect(await stopEmbedded(cluster)).toBe(false);
    const second = await cluster.start();
    expect({ ...second, pid: 0 }).toEqual({ ...first, pid: 0 });
    expect((await ask(credentials(second.kubeconfig), `${configMaps}/kept`)).status).toBe(200);
    expect(await deleteEmbedded(cluster)).toBe(true);
    expect(existsSync(cluster.folder)).toBe(false);
    expect(await deleteEmbedded(cluster)).toBe(false);
  });

  test('two starts at the same time make one cluster', async () => {
    const cluster = await newCluster();
    const all = await Promise.all([cluster.start(), cluster.start(), cluster.start()]);
    expect(new Set(all.map((a) => a.pid)).size).toBe(1);
    expect(all.filter((a) => a.started).length).toBe(1);
  });

  test('secrets are for the owner alone', async () => {
    const cluster = await newCluster();
    const { kubeconfig } = await cluster.start();
    const mode = (path: string) => statSync(path).mode & 0o777;
    expect(mode(cluster.folder)).toBe(0o700);
    for (const file of [
      kubeconfig,
      ...['pki/token', 'pki/ca.key', 'pki/apiserver.key'].map((f) => join(cluster.folder, f)),
    ])
      expect([file, mode(file)]).toEqual([file, 0o600]);
  });

  test('no acknowledged write is lost by kill -9 in the middle of writes', async () => {
    const cluster = await newCluster();
    const acknowledged: string[] = [];
    for (let round = 0; round < 3; round++) {
      const { pid, kubeconfig } = await cluster.start();
      const access = credentials(kubeconfig);
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let i = 0; ; i++) {
          const name = `w-${round}-${writer}-${i}`;
          const answer = await ask(access, configMaps, { method: 'POST', headers: json, body: configMap(name) }).catch(
            () => undefined,
          );
          if (answer?.status !== 201) return;
          acknowledged.push(name);
        }
      });
      const before = acknowledged.length;
      await expect.poll(() => acknowledged.length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(before + 8);
      await wait(Math.random() * 200);
      process.kill(pid, 'SIGKILL');
      await Promise.all(writers);
    }
    const { kubeconfig } = await cluster.start();
    const { json: list } = await ask(credentials(kubeconfig), configMaps);
    const names = new Set((list.items as { metadata: { name: string } }[]).map((i) => i.metadata.name));
    expect(acknowledged.length).toBeGreaterThan(20);
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
  });

  test('it goes on after whoever started it has gone, and stops at SIGTERM without a trace', async () => {
    const cluster = await newCluster();
    const starter = spawn(process.execPath, ['--input-type=module', '-e', starterSource(cluster.home)], {
      stdio: 'ignore',
    });
    await once(starter, 'exit');
    const status = await statusEmbedded(cluster);
    if (!status.running) throw new Error('It is not running.');
    process.kill(status.pid, 'SIGTERM');
    await expect.poll(() => statusEmbedded(cluster), { timeout: 10_000 }).toEqual({ running: false });
    expect(readdirSync(cluster.folder)).not.toContain('process.json');
  });

  test('nobody using it for long, it stops by itself', async () => {
    const cluster = await newCluster();
    await cluster.start({ idleHours: 1 / 3600 });
    await expect
      .poll(() => readdirSync(cluster.folder).includes('process.json'), { timeout: 15_000, interval: 200 })
      .toBe(false);
  });
});

describe('who is answered', () => {
  async function started(): Promise<Credentials> {
    return credentials((await (await newCluster()).start()).kubeconfig);
  }

  test('token and client certificate are; wrong ones, none and strangers are not', async () => {
    const cluster = await newCluster();
    const access = credentials((await cluster.start()).kubeconfig);
    const pods = '/api/v1/pods';
    const file = (name: string) => readFileSync(join(cluster.folder, 'pki', name), 'utf8');
    expect((await ask(access, pods)).status).toBe(200);
    expect((await ask(access, pods, { key: file('admin.key'), cert: file('admin.crt') })).status).toBe(200);
    const wrong = await ask(access, pods, { headers: { authorization: `Bearer ${'x'.repeat(43)}` } });
    expect(wrong).toMatchObject({ status: 401, json: { kind: 'Status', reason: 'Unauthorized' } });
    expect(await ask(access, pods, { headers: { host: 'evil.example' } })).toMatchObject({
      status: 403,
      json: { kind: 'Status' },
    });
    expect(await ask(access, pods, { headers: { origin: 'https://evil.example' } })).toMatchObject({ status: 403 });
    const anonymous = await ask({ ...access, token: '' }, pods, { headers: { authorization: '' } });
    expect([401, 403]).toContain(anonymous.status);
    expect((await ask(access, '/malla/stop', { method: 'POST', headers: { authorization: 'Bearer x' } })).status).toBe(
      401,
    );
    expect((await ask(access, pods)).status).toBe(200);
  });

  test('another CA does not vouch for it', async () => {
    const [one, other] = [await started(), await started()];
    await expect(ask({ ...one, ca: other.ca }, '/version')).rejects.toThrow(/certificate|signature/);
  });

  test.skipIf(process.platform !== 'linux')('it listens on the loopback address only', async () => {
    const { server } = await started();
    const text = readFileSync('/proc/net/tcp', 'utf8') + readFileSync('/proc/net/tcp6', 'utf8');
    const port = Number(server.port).toString(16).toUpperCase().padStart(4, '0');
    const listening = text.split('\n').filter((line) => line.includes(`:${port} `) && / 0A /.test(line));
    expect(listening.map((line) => line.trim().split(/\s+/)[1])).toEqual([`0100007F:${port}`]);
  });
});

describe('bad input', () => {
  test('bodies that are too large, malformed, deep or of unknown types get their Status, and the server goes on', async () => {
    const access = credentials((await (await newCluster()).start()).kubeconfig);
    const post = (body: string, type = 'application/json') =>
      ask(access, configMaps, { method: 'POST', headers: { 'content-type': type }, body });
    expect(await post('x'.repeat(3_200_000))).toMatchObject({ status: 413, json: { reason: 'RequestEntityTooLarge' } });
    expect(await post('{"a":')).toMatchObject({
      status: 400,
      json: { message: expect.stringContaining('unexpected end of JSON input') },
    });
    expect(await post('['.repeat(90_000))).toMatchObject({ status: 400 });
    expect(await post(`{"a":${'['.repeat(90_000)}${']'.repeat(90_000)}}`)).toMatchObject({
      status: 400,
      json: { message: expect.stringContaining('exceeded max depth') },
    });
    expect(await post('{}', 'text/plain')).toMatchObject({ status: 415, json: { reason: 'UnsupportedMediaType' } });
    expect(await post('k8s\0rubbish', 'application/vnd.kubernetes.protobuf')).toMatchObject({ status: 400 });
    expect(await post('null')).toMatchObject({ status: 422 });
    expect(await post('{"metadata":{"name":["x"]}}')).toMatchObject({ status: 400 });
    expect(await post('{"metadata":{"name":"x","__proto__":{"a":1}}}')).toMatchObject({ status: 400 });
    expect(await ask(access, '/api/v1/namespaces/default/pods/..%2f..%2fsecrets')).toMatchObject({ status: 404 });
    expect(
      await ask(access, '/api/v1/pods', { headers: { accept: 'application/vnd.kubernetes.protobuf' } }),
    ).toMatchObject({ status: 406 });
    expect(await ask(access, '/api/v1/pods?limit=x')).toMatchObject({ status: 400 });
    expect((await ask(access, '/readyz')).status).toBe(200);
  });

  test('noise on the port and clients that never finish do not disturb others', async () => {
    const access = credentials((await (await newCluster()).start()).kubeconfig);
    const port = Number(access.server.port);
    const plain = (await import('node:net')).connect(port, '127.0.0.1', () => plain.write('GET / HTTP/1.1\r\n\r\n'));
    plain.on('error', () => {});
    const slow = connect({ port, host: '127.0.0.1', ca: access.ca }, () =>
      slow.write(
        `POST ${configMaps} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${access.token}\r\ncontent-length: 1000\r\n\r\n{`,
      ),
    );
    slow.on('error', () => {});
    await wait(100);
    expect((await ask(access, '/readyz')).status).toBe(200);
    plain.destroy();
    slow.destroy();
    await wait(50);
    expect((await ask(access, '/readyz')).status).toBe(200);
  });

  test('a watcher that stops reading does not hold up the others', async () => {
    const access = credentials((await (await newCluster()).start()).kubeconfig);
    const stalled = connect({ port: Number(access.server.port), host: '127.0.0.1', ca: access.ca }, () =>
      stalled.write(
        `GET ${configMaps}?watch=1 HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${access.token}\r\n\r\n`,
      ),
    );
    stalled.on('error', () => {});
    await wait(100);
    stalled.pause();
    const big = JSON.stringify({ metadata: { name: 'big' }, data: { text: 'x'.repeat(900_000) } });
    await ask(access, configMaps, { method: 'POST', headers: json, body: big });
    for (let i = 0; i < 20; i++) {
      const body = JSON.stringify({ data: { n: String(i) } });
      const headers = { 'content-type': 'application/merge-patch+json' };
      expect((await ask(access, `${configMaps}/big`, { method: 'PATCH', headers, body })).status).toBe(200);
    }
    stalled.destroy();
  });
});

describe('when it cannot start', () => {
  test('its port in use is named, and nothing is lost', async () => {
    const cluster = await newCluster();
    const { kubeconfig } = await cluster.start();
    const port = Number(credentials(kubeconfig).server.port);
    await stopEmbedded(cluster);
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    await expect(cluster.start()).rejects.toMatchObject({
      code: 'MALLA-CLU-02',
      happened: expect.stringContaining(String(port)),
    });
    squatter.close();
    await once(squatter, 'close');
    expect((await cluster.start()).started).toBe(true);
  });

  test('a folder in use by another process is left to it', async () => {
    const cluster = await newCluster();
    const { pid } = await cluster.start();
    const second = spawn(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      simulatorEntry,
      '--estado',
      cluster.folder,
    ]);
    let line = '';
    second.stdout.on('data', (chunk) => {
      line += chunk;
    });
    const [code] = await once(second, 'exit');
    expect([code, JSON.parse(line).error.code]).toEqual([1, 'MALLA-CLU-01']);
    expect(JSON.parse(line).error.happened).toContain(String(pid));
    expect((await statusEmbedded(cluster)).running).toBe(true);
  });

  test("a folder with somebody else's things is neither used nor deleted", async () => {
    const cluster = await newCluster();
    mkdirSync(cluster.folder);
    writeFileSync(join(cluster.folder, 'tesis.doc'), 'años de trabajo');
    await expect(cluster.start()).rejects.toMatchObject({ code: 'MALLA-CLU-04' });
    await expect(deleteEmbedded(cluster)).rejects.toMatchObject({ code: 'MALLA-CLU-04' });
    expect(readdirSync(cluster.folder)).toEqual(['tesis.doc']);
  });

  test('a file where the folder should be is said', async () => {
    const cluster = await newCluster();
    writeFileSync(cluster.folder, '');
    await expect(cluster.start()).rejects.toMatchObject({ code: 'MALLA-CLU-03' });
  });

  test.skipIf(process.platform === 'win32')('a folder or a database that may only be read is said', async () => {
    const cluster = await newCluster();
    const user = ordinaryUser(cluster.home);
    mkdirSync(cluster.folder);
    chmodSync(cluster.folder, 0o555);
    expect(await startAs(user, cluster.folder)).toMatchObject({ error: { code: 'MALLA-CLU-03' } });
    chmodSync(cluster.folder, 0o755);
    if (user.uid !== undefined && user.gid !== undefined) chownSync(cluster.folder, user.uid, user.gid);
    await startAs(user, cluster.folder);
    await expect.poll(() => existsSync(join(cluster.folder, 'process.json'))).toBe(false);
    chmodSync(join(cluster.folder, 'state.db'), 0o444);
    expect(await startAs(user, cluster.folder)).toMatchObject({ error: { code: 'MALLA-EST-02' } });
  });

  test.each([
    ['cluster.json', 'MALLA-CLU-05'],
    ['pki/ca.crt', 'MALLA-CLU-05'],
    ['pki/token', 'MALLA-CLU-05'],
    ['state.db', /^MALLA-EST-/],
  ])('a damaged %s is named and left as it is', async (file, code) => {
    const cluster = await newCluster();
    await cluster.start();
    await stopEmbedded(cluster);
    const path = join(cluster.folder, file);
    const rubbish = 'esto no es lo que era '.repeat(400);
    writeFileSync(path, rubbish);
    await expect(cluster.start()).rejects.toMatchObject({
      code: typeof code === 'string' ? code : expect.stringMatching(code),
    });
    expect(readFileSync(path, 'utf8')).toBe(rubbish);
  });

  test('a lock file that was damaged is no obstacle', async () => {
    const cluster = await newCluster();
    await cluster.start();
    await stopEmbedded(cluster);
    writeFileSync(join(cluster.folder, 'lock.db'), 'rubbish '.repeat(1000));
    expect((await cluster.start()).started).toBe(true);
  });

  test('a program that is not there, or that is interrupted, is said', async () => {
    const cluster = await newCluster();
    const { startEmbedded } = await import('../../src/cluster/embedded/start.ts');
    const base = { home: cluster.home, simulatorEntry, nodePath: process.execPath, env: process.env };
    await expect(startEmbedded({ ...base, nodePath: '/nowhere/node' })).rejects.toMatchObject({ code: 'MALLA-CLU-07' });
    await expect(startEmbedded({ ...base, simulatorEntry: '/nowhere.mjs' })).rejects.toMatchObject({
      code: 'MALLA-CLU-07',
    });
    await expect(startEmbedded({ ...base, options: { timeoutMilliseconds: 1 } })).rejects.toMatchObject({
      code: 'MALLA-CLU-06',
    });
    await expect(startEmbedded({ ...base, signal: AbortSignal.abort(new Error('Ctrl-C')) })).rejects.toThrow('Ctrl-C');
  });
});

/** Root may write anywhere, so a test as root becomes nobody for its child. */
function ordinaryUser(home: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  chmodSync(home, 0o755);
  return { uid: 65_534, gid: 65_534 };
}

/** The first line of the process, which is stopped if it started. */
async function startAs(user: { uid?: number; gid?: number }, folder: string): Promise<unknown> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', simulatorEntry, '--estado', folder], {
    ...user,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
    if (text.includes('\n')) child.kill();
  });
  await once(child, 'exit');
  return JSON.parse(text);
}

function starterSource(home: string): string {
  const start = new URL('../../src/cluster/embedded/start.ts', import.meta.url).href;
  const options = JSON.stringify({ home, simulatorEntry, nodePath: process.execPath, env: {} });
  return `const { startEmbedded } = await import(${JSON.stringify(start)}); await startEmbedded(${options}); process.exit(0);`;
}
