// Tools that Malla downloads: whole, by HTTPS, with the sum they must have, or nothing.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { downloadTool } from '../../src/cluster/programs/download/download-tool.ts';
import { type Downloadable, type Release, releaseOf } from '../../src/cluster/programs/download/releases.ts';
import { findProgram, toolsFolder } from '../../src/cluster/programs/find-program.ts';
import { issueCertificate } from '../../src/simulator/process/pki/certificate.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

let home: string;
let server: Server;
let base: string;
let ca: string;
let answer: Answer;

beforeAll(async () => {
  const [notBefore, notAfter] = [new Date(Date.now() - 86_400_000), new Date(Date.now() + 86_400_000)];
  const authority = issueCertificate({ commonName: 'Prueba', use: 'ca', notBefore, notAfter });
  const own = { commonName: 'localhost', dnsNames: ['localhost'], notBefore, notAfter };
  const { certificate, key } = issueCertificate({ ...own, use: 'server' }, authority);
  ca = authority.certificate;
  server = createServer({ cert: certificate, key }, (request, response) => answer(response, request));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `https://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'malla-bajar-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const program = Buffer.from('#!/bin/sh\necho hola\n');
const sumOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** As on this system, but from the test's server and with a sum of the test's. */
function releaseWith(bytes: Buffer, name: Downloadable = 'kind', more: Partial<Release> = {}): Release {
  const release = releaseOf(name, { platform: 'linux', arch: 'x64' }, { kind: base, kubectl: base, istioctl: base });
  if (!release) throw new Error('There is one for this system.');
  return { ...release, sha256: sumOf(bytes), ...more };
}

function download(release: Release, name = 'kind', signal = new AbortController().signal): Promise<string> {
  return downloadTool({ home, name, release, ca, signal, patience: 2_000 });
}

/** Only what was there before. */
const left = async (): Promise<string[]> => (existsSync(toolsFolder(home)) ? readdir(toolsFolder(home)) : []);

describe('what comes as it should', () => {
  test('is kept so that it can be run, and found before PATH', async () => {
    let asked = '';
    answer = (response, { url = '' }) => {
      asked = url;
      response.end(program);
    };
    const path = await download(releaseWith(program));
    expect(asked).toBe('/v0.30.0/kind-linux-amd64');
    expect(await readFile(path)).toEqual(program);
    expect((await stat(path)).mode & 0o777).toBe(0o755);
    expect(await findProgram('kind', { env: {}, home })).toBe(path);
    expect(await left()).toEqual(['kind']);
  });

  test('is followed through redirections, and taken out of its archive', async () => {
    const archive = gzipSync(
      Buffer.concat([
        entry('istio-1.30.3/README.md', Buffer.alloc(1500)),
        entry('istio-1.30.3/bin/istioctl', program),
        Buffer.alloc(1024),
      ]),
    );
    answer = (response, { url }) => {
      if (url === '/otra') return response.end(archive);
      return response.writeHead(302, { location: '/otra' }).end();
    };
    const path = await download(releaseWith(archive, 'istioctl'), 'istioctl');
    expect(await readFile(path)).toEqual(program);
    expect(await left()).toEqual(['istioctl']);
  });

  test('replaces what was there', async () => {
    answer = (response) => response.end(program);
    await download(releaseWith(program));
    const newer = Buffer.from('#!/bin/sh\necho adiós\n');
    answer = (response) => response.end(newer);
    expect(await readFile(await download(releaseWith(newer)))).toEqual(newer);
  });
});

describe('what does not is refused, and nothing is left', () => {
  test.each<[string, string, Answer, Partial<Release>?]>([
    ['another sum', 'MALLA-KND-31', (response) => response.end('otra cosa')],
    [
      'less than was said',
      'MALLA-KND-30',
      (response) => response.writeHead(200, { 'content-length': 1000 }).end(program, () => response.destroy()),
    ],
    ['more than it may be', 'MALLA-KND-30', (response) => response.end(Buffer.alloc(5000)), { limit: 1000 }],
    ['not found', 'MALLA-KND-30', (response) => response.writeHead(404).end()],
    [
      'a way out of HTTPS',
      'MALLA-KND-30',
      (response) => response.writeHead(302, { location: 'http://localhost/kind' }).end(),
    ],
    ['a ring of redirections', 'MALLA-KND-30', (response) => response.writeHead(302, { location: '/otra' }).end()],
    ['silence', 'MALLA-KND-30', () => {}],
    ['an archive that is none', 'MALLA-KND-33', (response) => response.end(program), { inside: 'bin/istioctl' }],
  ])('%s: %s', async (_what, code, says, more) => {
    answer = says;
    await expect(download(releaseWith(program, 'kind', more))).rejects.toMatchObject({ code });
    expect(await left()).toEqual([]);
  });

  test.each<[string, Buffer]>([
    ['without the program', entry('otro', program)],
    ['that is cut', entry('bin/istioctl', program).subarray(0, 520)],
    ['with a link in its place', entry('bin/istioctl', Buffer.alloc(0), '2')],
    ['with a size of nonsense', entry('bin/istioctl', program, '0', '99999999999')],
  ])('an archive %s: MALLA-KND-33', async (_what, contents) => {
    const archive = gzipSync(Buffer.concat([contents, Buffer.alloc(_what === 'that is cut' ? 0 : 1024)]));
    answer = (response) => response.end(archive);
    const release = releaseWith(archive, 'istioctl', { inside: 'bin/istioctl' });
    await expect(download(release, 'istioctl')).rejects.toMatchObject({ code: 'MALLA-KND-33' });
    expect(await left()).toEqual([]);
  });

  test('a server that nobody vouches for: MALLA-KND-30', async () => {
    answer = (response) => response.end(program);
    const asked = downloadTool({
      home,
      name: 'kind',
      release: releaseWith(program),
      signal: new AbortController().signal,
    });
    await expect(asked).rejects.toMatchObject({ code: 'MALLA-KND-30' });
    expect(await left()).toEqual([]);
  });

  test('cancelled in the middle', async () => {
    const abort = new AbortController();
    answer = (response) => {
      response.writeHead(200);
      response.write(program, () => abort.abort());
    };
    await expect(download(releaseWith(program), 'kind', abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect(await left()).toEqual([]);
  });

  test('a folder that cannot be written: MALLA-KND-34', async () => {
    await writeFile(toolsFolder(home), 'a file where the folder should be');
    await expect(download(releaseWith(program))).rejects.toMatchObject({ code: 'MALLA-KND-34' });
  });

  test('what was there before a failure stays', async () => {
    answer = (response) => response.end(program);
    const path = await download(releaseWith(program));
    answer = (response) => response.end('otra cosa');
    await expect(download(releaseWith(program))).rejects.toMatchObject({ code: 'MALLA-KND-31' });
    expect(await readFile(path)).toEqual(program);
  });
});

test.each([
  ['win32', 'x64'],
  ['linux', 'ia32'],
  ['freebsd', 'x64'],
])('for %s %s there is nothing to download', (platform, arch) => {
  expect(releaseOf('kind', { platform, arch })).toBeUndefined();
});

test('each release says an HTTPS address and a whole sum', () => {
  for (const name of ['kind', 'kubectl', 'istioctl'] as const)
    for (const platform of ['linux', 'darwin'])
      for (const arch of ['x64', 'arm64']) {
        const release = releaseOf(name, { platform, arch });
        expect(release?.url).toMatch(/^https:\/\/(github\.com|dl\.k8s\.io)\//);
        expect(release?.sha256).toMatch(/^[0-9a-f]{64}$/);
      }
});

/** One entry of a tar: header and contents, filled up to blocks. */
function entry(
  name: string,
  contents: Buffer,
  type = '0',
  size = contents.length.toString(8).padStart(11, '0'),
): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(size, 124);
  header.write(type, 156);
  header.write('ustar', 257);
  return Buffer.concat([header, contents, Buffer.alloc((512 - (contents.length % 512)) % 512)]);
}
