// A class bundle brought from another machine of the local network, whatever that machine does.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchBundle } from '../../src/cluster/bundle/fetch.ts';
import { verifyBundle } from '../../src/cluster/bundle/verify.ts';

const body = Buffer.from('a: b\n'.repeat(40_000));
const digest = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const manifest = JSON.stringify({
  format: 'malla-paquete-1',
  created: '2026-11-21T00:00:00Z',
  istio: '1.30.3',
  labs: [],
  files: [{ role: 'istio', path: 'istio/manifiestos.yaml', bytes: body.length, sha256: digest(body) }],
});
const fingerprint = digest(manifest);

let folder: string;
let server: Server;
let asked: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-red-'));
  asked = [];
  answer = honest;
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.range ?? ''}`.trim());
    if (request.url === '/clase/paquete.json') response.end(manifest);
    else answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await rm(folder, { recursive: true, force: true });
});

function honest(request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.statusCode = from > 0 ? 206 : 200;
  response.end(body.subarray(from));
}

const base = (): string => `http://127.0.0.1:${(server.address() as { port: number }).port}/clase`;
const bring = (url = base(), print = fingerprint, patience = 20_000): Promise<void> =>
  fetchBundle(url, folder, { fingerprint: print, signal: AbortSignal.timeout(60_000), onProgress() {}, patience });

test('a whole bundle arrives, and a second time nothing is asked for but the manifest', async () => {
  await bring();
  expect((await verifyBundle(folder)).fingerprint).toBe(fingerprint);
  asked.length = 0;
  await bring(`${base()}/`);
  expect(asked).toEqual(['/clase/paquete.json']);
});

test('one that is cut goes on where it was', async () => {
  answer = (_request, response) => {
    response.writeHead(200, { 'content-length': body.length });
    response.write(body.subarray(0, 50_000), () => response.destroy());
  };
  await expect(bring()).rejects.toMatchObject({ code: 'MALLA-PAQ-11' });
  const had = (await readFile(join(folder, 'istio/manifiestos.yaml.parcial'))).length;
  expect(had).toBeGreaterThan(0);
  answer = honest;
  await bring();
  expect(asked.at(-1)).toBe(`/clase/istio/manifiestos.yaml bytes=${had}-`);
  await verifyBundle(folder);
});

test('a server that does not know ranges is asked for the whole', async () => {
  await mkdir(join(folder, 'istio'));
  await writeFile(join(folder, 'istio/manifiestos.yaml.parcial'), body.subarray(0, 7));
  answer = (_request, response) => void response.end(body);
  await bring();
  await verifyBundle(folder);
});

test.each<[string, string, (request: IncomingMessage, response: ServerResponse) => void]>([
  ['another file', 'MALLA-PAQ-04', (_q, r) => void r.end(Buffer.alloc(body.length, 'x'))],
  [
    'a file without end',
    'MALLA-PAQ-04',
    (_q, r) => {
      const more = (): void => {
        while (!r.destroyed && r.write(body));
      };
      r.on('drain', more);
      more();
    },
  ],
  ['an error', 'MALLA-PAQ-11', (_q, r) => void r.writeHead(404).end()],
  ['the way elsewhere', 'MALLA-PAQ-11', (_q, r) => void r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
])('a server that gives %s is refused with %s, and nothing of it is kept', async (_title, code, give) => {
  answer = give;
  await expect(bring()).rejects.toMatchObject({ code });
  await expect(readFile(join(folder, 'istio/manifiestos.yaml'))).rejects.toThrow();
  await expect(readFile(join(folder, 'paquete.json'))).rejects.toThrow();
});

test('a server that goes silent is given up', async () => {
  answer = (_request, response) => void response.write('a');
  await expect(bring(base(), fingerprint, 300)).rejects.toMatchObject({ code: 'MALLA-PAQ-11' });
});

test('another fingerprint is refused before any file is asked for', async () => {
  await expect(bring(base(), '0'.repeat(64))).rejects.toMatchObject({ code: 'MALLA-PAQ-07' });
  expect(asked).toEqual(['/clase/paquete.json']);
});

test.each(['http://8.8.8.8/clase', 'ftp://10.0.0.1/x', 'http://u:p@10.0.0.1/x', 'nada', 'file:///etc/passwd'])(
  '%s is no address of a class',
  async (url) => {
    await expect(bring(url)).rejects.toMatchObject({ code: 'MALLA-PAQ-10' });
    expect(asked).toEqual([]);
  },
);
