// The views at a loopback address: the page, its few files, and one path that answers questions to who has the key.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CodedError } from '../../cluster/coded-error.ts';
import { answerCall } from '../../views/answer-call.ts';
import type { Views } from '../../views/views.ts';
import { type AssetPath, assets, panelPage } from './page.ts';

/** A question is a small form. */
const LARGEST_QUESTION = 64 * 1024;

export interface PanelServer {
  /** With the key in its fragment, which browsers send to nobody. */
  url: string;
  stop(): Promise<void>;
}

export interface PanelServerOptions {
  views: Views;
  /** The package's folder. */
  root: string;
  /** 0: any free one. */
  port: number;
}

/** Listens on 127.0.0.1 only. Rejects with CodedError when the port cannot be had. */
export async function startPanelServer({ views, root, port }: PanelServerOptions): Promise<PanelServer> {
  const key = randomBytes(24).toString('base64url');
  let authority = '';
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 30_000;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Other pages of the browser can send requests here under names of theirs: only this address and origin count.
    const { host, origin } = request.headers;
    if (host !== authority || (origin !== undefined && origin !== `http://${authority}`))
      return send(response, 403, 'text/plain; charset=utf-8', 'Esta dirección es solo para el panel de Malla.');
    const path = request.url ?? '/';
    if (path === '/preguntas') return question(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'text/plain', '');
    if (path === '/') {
      const { html, policy } = panelPage(randomBytes(18).toString('base64'));
      return send(response, 200, 'text/html; charset=utf-8', html, { 'content-security-policy': policy });
    }
    if (!Object.hasOwn(assets, path)) return send(response, 404, 'text/plain; charset=utf-8', 'No existe.');
    const { file, type } = assets[path as AssetPath];
    send(response, 200, type, await readFile(join(root, ...file)));
  }

  async function question(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!hasKey(request.headers.authorization, key))
      return send(
        response,
        401,
        'text/plain; charset=utf-8',
        'Falta la clave: abre la dirección que dio «malla panel».',
      );
    if (request.method !== 'POST') return send(response, 405, 'text/plain', '');
    const body = await readBody(request);
    if (body === undefined) return send(response, 413, 'text/plain; charset=utf-8', 'Pregunta demasiado larga.');
    const reply = await answerCall(views, parse(body));
    send(response, 200, 'application/json; charset=utf-8', JSON.stringify(reply));
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(port, error)));
    server.listen(port, '127.0.0.1', resolve);
  });
  authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${authority}/#clave=${key}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    ...headers,
  });
  response.end(body);
}

function hasKey(authorization: string | undefined, key: string): boolean {
  const given = Buffer.from(authorization ?? '');
  const wanted = Buffer.from(`Bearer ${key}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_QUESTION) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cannotListen(port: number, error: NodeJS.ErrnoException): CodedError {
  return new CodedError({
    code: 'MALLA-VIS-03',
    happened: `El panel no puede escuchar en 127.0.0.1:${port} (${error.code ?? error.message}).`,
    expected: 'Un puerto libre de esta máquina.',
    todo: 'Elige otro con «malla panel --puerto», o no digas ninguno y Malla buscará uno libre.',
    cause: error,
  });
}
