// Malla's curl against servers of its own, beside the real one where the machine has it.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { curl } from '../../src/tools/curl/curl.ts';
import { type Outcome, runTool } from './support/tool-bench.ts';

let http: Server;
let rude: TcpServer;
let folder: string;
let url: string;
let closed: string;
const rudeUrl = (how: string) => `http://127.0.0.1:${(rude.address() as AddressInfo).port}/${how}`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-curl-'));
  http = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://x');
    if (pathname === '/redirect') return void response.writeHead(302, { location: '/echo' }).end();
    if (pathname === '/loop') return void response.writeHead(302, { location: '/loop' }).end();
    if (pathname === '/file') return void response.writeHead(302, { location: 'file:///etc/hostname' }).end();
    if (pathname === '/404') return void response.writeHead(404).end('no');
    if (pathname === '/cookie') response.setHeader('set-cookie', ['a=1; Path=/', 'b=2']);
    if (pathname === '/slow') return void setTimeout(() => response.end('late'), 5_000).unref();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { host: _host, 'user-agent': _agent, ...headers } = request.headers;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ method: request.method, url: request.url, headers, body: Buffer.concat(chunks).toString() }),
      );
    });
  });
  rude = createTcp((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => (data.includes('/reset') ? socket.resetAndDestroy() : socket.destroy()));
  });
  await Promise.all([http, rude].map((s) => new Promise<void>((resolve) => void s.listen(0, '127.0.0.1', resolve))));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const spare = createTcp();
  await new Promise<void>((resolve) => void spare.listen(0, '127.0.0.1', resolve));
  closed = `http://127.0.0.1:${(spare.address() as AddressInfo).port}/`;
  await new Promise((resolve) => spare.close(resolve));
});
afterAll(async () => {
  http.close();
  http.closeAllConnections();
  rude.close();
  await rm(folder, { recursive: true, force: true });
});

const ours = (...argv: string[]) => runTool(curl, argv, {}, { cwd: folder, input: 'from stdin' });
const hasReal = await promisify(execFile)('curl', ['--version']).then(
  () => true,
  () => false,
);
async function theirs(...argv: string[]): Promise<Outcome> {
  return promisify(execFile)('curl', argv, { cwd: folder }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Outcome) => ({ code, stdout, stderr }),
  );
}
const here = (argv: string) => argv.split(' ').map((word) => word.replace(/^URL/, url));

test
  .skipIf(!hasReal)
  .each([
    '-s URL/echo?a=1',
    '-s -X DELETE URL/echo',
    '-s -d a=1 -d b=2 URL/echo',
    '-s --data-urlencode q=a&b URL/echo',
    '-s -G -d a=1 URL/echo?b=2',
    '-s --json {"a":1} URL/echo',
    '-s -H X-One:1 -H Accept: -H Host:reviews URL/echo',
    '-s -A yo -e http://de.aqui -u ana:clave URL/echo',
    '-s -b a=1 URL/echo',
    '-s -L URL/redirect',
    '-s URL/redirect -w %{http_code}|%{redirect_url}|%{num_redirects}',
    '-s -L -d x=1 URL/redirect -w \\n%{url_effective}|%{method}',
    '-s -L --max-redirs 3 URL/loop -w %{http_code}',
    '-s -o out.txt -w %{http_code}|%{size_download}|%{content_type}|%{exitcode}\\n URL/echo',
    '-s -f URL/404',
    '-sS -f URL/404',
    '-sS --fail-with-body URL/404',
    '-s -o a.txt -o b.txt URL/echo URL/404 -w %{http_code},',
  ])('%s answers as the real one', async (argv) => {
  expect(await ours(...here(argv))).toEqual(await theirs(...here(argv)));
});

test.each([
  [7, () => [closed]],
  [6, () => ['http://no-existe.invalid/']],
  [52, () => [rudeUrl('close')]],
  [56, () => [rudeUrl('reset')]],
  [28, () => ['-m', '0.3', `${url}/slow`]],
  [22, () => ['-f', `${url}/404`]],
  [47, () => ['-L', `${url}/loop`]],
  [1, () => ['ftp://127.0.0.1/']],
  [1, () => ['-L', `${url}/file`]],
  [1, () => ['file:///etc/hostname']],
  [3, () => ['http://']],
  [2, () => []],
  [2, () => ['--no-existe', url]],
])('exit code %i', async (code, argv) => {
  const { code: got, stdout } = await ours('-sS', ...argv());
  expect([got, stdout.includes('root')]).toEqual([code, false]);
});

test('-s is silent about errors, -S is not', async () => {
  expect((await ours('-s', closed)).stderr).toBe('');
  expect((await ours('-sS', closed)).stderr).toMatch(
    /^curl: \(7\) Failed to connect to 127\.0\.0\.1 port \d+ after \d+ ms: /,
  );
});

test('-i and -I show the head; -D writes it to a file', async () => {
  expect((await ours('-s', '-i', `${url}/404`)).stdout).toMatch(/^HTTP\/1\.1 404 Not Found\r\n.*\r\n\r\nno$/s);
  const { stdout } = await ours('-s', '-I', '-D', 'head.txt', `${url}/echo`);
  expect(stdout).toBe(await readFile(join(folder, 'head.txt'), 'utf8'));
});

test('cookies received go to the jar and come back from it', async () => {
  await ours('-s', '-o', 'x', '-c', 'jar.txt', `${url}/cookie`);
  const { stdout } = await ours('-s', '-b', 'jar.txt', `${url}/echo`);
  expect(JSON.parse(stdout).headers.cookie).toBe('a=1; b=2');
});

test('-d @file, -d @- and --data-binary read files', async () => {
  await writeFile(join(folder, 'data.txt'), 'uno\ndos\n');
  const body = async (...argv: string[]) => JSON.parse((await ours('-s', ...argv, `${url}/echo`)).stdout).body;
  expect([await body('-d', '@data.txt'), await body('--data-binary', '@data.txt'), await body('-d', '@-')]).toEqual([
    'unodos',
    'uno\ndos\n',
    'from stdin',
  ]);
});

test("--resolve reaches a name at an address of one's own", async () => {
  const { port } = new URL(url);
  const { stdout } = await ours(
    '-s',
    '--resolve',
    `bookinfo.test:${port}:127.0.0.1`,
    `http://bookinfo.test:${port}/echo`,
  );
  expect(JSON.parse(stdout).url).toBe('/echo');
});

test('a failed transfer makes no file', async () => {
  await ours('-s', '-o', 'never.txt', closed);
  await expect(readFile(join(folder, 'never.txt'))).rejects.toThrow('ENOENT');
});

test('credentials do not follow a redirect to another host', async () => {
  const other = createServer((request, response) => void response.end(JSON.stringify(request.headers)));
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
  const target = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
  const first = createServer((_, response) => void response.writeHead(302, { location: target }).end());
  await new Promise<void>((resolve) => void first.listen(0, '127.0.0.1', resolve));
  const from = `http://127.0.0.1:${(first.address() as AddressInfo).port}/`;
  const { stdout } = await ours('-s', '-L', '-u', 'ana:clave', '-H', 'Authorization: x', from);
  expect(JSON.parse(stdout).authorization).toBeUndefined();
  first.close();
  other.close();
});
