// The views' address: who may ask, and what is answered to who may not.
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PanelServer, startPanelServer } from '../../src/cli/panel/server.ts';
import type { Views } from '../../src/views/views.ts';
import { createSandbox, root, type Sandbox } from './support/sandbox.ts';

let server: PanelServer;
let box: Sandbox;

const views: Views = {
  about: async () => ({ serverVersion: 'v1.34.4+malla', simulated: true }),
  graph: () => Promise.reject(new Error('broken')),
  dashboard: () => Promise.reject(new Error('unused')),
  traces: () => Promise.reject(new Error('unused')),
  trace: () => Promise.reject(new Error('unused')),
  explainChoices: () => Promise.reject(new Error('unused')),
  explain: () => Promise.reject(new Error('unused')),
  compare: () => Promise.reject(new Error('unused')),
};

beforeAll(async () => {
  server = await startPanelServer({ views, root, port: 0 });
  box = await createSandbox();
});
afterAll(async () => {
  await server.stop();
  await box.remove();
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

function send(path: string, headers: Record<string, string> = {}, body?: unknown): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, path, method: text === undefined ? 'GET' : 'POST', headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

const key = () => ({ authorization: `Bearer ${/clave=(.+)$/.exec(server.url)?.[1]}` });
const ask = (call: unknown, headers: Record<string, string> = key()) => send('/preguntas', headers, call);

test('the page loads nothing but its own files, and its script by a nonce of its own', async () => {
  const [first, second] = [await send('/'), await send('/')];
  const policy = String(first.headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(first.body).toContain(/'nonce-([^']+)'/.exec(policy)?.[1]);
  expect(first.headers['content-security-policy']).not.toBe(second.headers['content-security-policy']);
  for (const path of ['/vistas.js', '/base.css', '/vistas.css', '/graficas.css', '/temas.css', '/icono.svg'])
    expect((await send(path)).status).toBe(200);
  expect((await send('/../package.json')).status).toBe(404);
});

test('a question needs the key', async () => {
  expect((await ask({ id: 1, view: 'about', question: {} }, {})).status).toBe(401);
  expect((await ask({ id: 1, view: 'about', question: {} }, { authorization: 'Bearer mala' })).status).toBe(401);
  expect(JSON.parse((await ask({ id: 7, view: 'about', question: {} })).body)).toEqual({
    id: 7,
    answer: { serverVersion: 'v1.34.4+malla', simulated: true },
  });
});

test('other names and other origins are refused, key or not', async () => {
  expect((await send('/', { host: 'malla.example.com' })).status).toBe(403);
  expect((await ask({}, { ...key(), origin: 'http://localhost:3000' })).status).toBe(403);
});

test('what is no question is told so; what breaks is an answer too', async () => {
  for (const call of [
    '{',
    { id: 2 },
    { id: 2, view: 'nothing', question: {} },
    { id: 2, view: 'trace', question: { id: '../x' } },
  ])
    expect(JSON.parse((await ask(call)).body)).toMatchObject({ problem: { code: 'MALLA-VIS-02' } });
  expect(JSON.parse((await ask({ id: 3, view: 'graph', question: {} })).body)).toMatchObject({
    id: 3,
    problem: { code: 'MALLA-SIS-99' },
  });
  expect((await ask('x'.repeat(70_000))).status).toBe(413);
});

test('a port in use is named', async () => {
  const { port } = new URL(server.url);
  await expect(startPanelServer({ views, root, port: Number(port) })).rejects.toMatchObject({ code: 'MALLA-VIS-03' });
});

test('by lines the same questions are answered from a real cluster', async () => {
  await box.start();
  const { PassThrough } = await import('node:stream');
  const { malla } = await import('../../src/cli/malla.ts');
  const [stdin, stdout] = [new PassThrough(), new PassThrough()];
  const lines: unknown[] = [];
  stdout.on('data', (chunk: Buffer) =>
    lines.push(
      ...chunk
        .toString()
        .trim()
        .split('\n')
        .map((l) => JSON.parse(l)),
    ),
  );
  const ended = malla(['panel', '--lineas'], { ...box.host, stdin, stdout });
  stdin.write(`${JSON.stringify({ id: 1, view: 'about', question: {} })}\n`);
  stdin.write(`${JSON.stringify({ id: 2, view: 'graph', question: {} })}\n`);
  await expect.poll(() => lines.length).toBe(2);
  stdin.write('{"do":"stop"}\n');
  expect(await ended).toBe(0);
  expect(lines).toContainEqual({ id: 1, answer: expect.objectContaining({ simulated: true }) });
  expect(lines).toContainEqual({ id: 2, answer: expect.objectContaining({ traffic: 'sin-metricas' }) });
});
