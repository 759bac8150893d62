// One URL fetched, redirects included.
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { ToolContext } from '../tool.ts';
import type { CookieJar } from './cookies.ts';
import { type Attempt, CurlError, fromSystemError, timedOut } from './errors.ts';
import type { CurlOptions } from './options.ts';
import { requestHeaders } from './request-headers.ts';
import { otherDestination, requestTarget } from './target.ts';
import type { Answer, Request, World } from './world.ts';

export interface Transfer {
  url: string;
  method: string;
  status: number;
  httpVersion: string;
  headers: [name: string, value: string][];
  redirectUrl: string | undefined;
  redirects: number;
  connects: number;
  received: number;
  sent: number;
  headerBytes: number;
  remoteAddress: string | undefined;
  remotePort: number | undefined;
  localAddress: string | undefined;
  localPort: number | undefined;
  /** Milliseconds since the start. */
  times: { resolved: number; connected: number; secured: number; firstByte: number; total: number };
}

export interface TransferHost {
  context: ToolContext;
  world: World;
  options: CurlOptions;
  jar: CookieJar;
  /** The status line and headers of each answer, redirects too. */
  onHead(head: string): void;
  onBody(chunk: Buffer): void;
  trace(line: string): void;
}

/** Rejects with CurlError; `progress` keeps what was learnt until then. */
export async function transfer(address: string, host: TransferHost, progress: Partial<Transfer>): Promise<Transfer> {
  const { options } = host;
  const began = performance.now();
  const limit = options.flags.bool('location') ? Number(options.flags.text('max-redirs') ?? 50) : 0;
  let url = parseUrl(address);
  const first = url;
  let { method, body } = options;
  const result: Transfer = Object.assign(progress, blank(url.href, method));
  for (;;) {
    result.url = url.href;
    result.method = method;
    const target = requestTarget(url === first ? address : url.href, url, options);
    const message = await once({ url, target, method, body, first, began, host, result });
    const next = redirectOf(result, url);
    result.redirectUrl = next?.href;
    if (!next || !options.flags.bool('location')) {
      await deliver(message, host, result, began);
      return result;
    }
    message.body.resume();
    if (limit >= 0 && result.redirects >= limit) throw new CurlError(47, `Maximum (${limit}) redirects followed`);
    result.redirects += 1;
    host.trace(`* Issue another request to this URL: '${next.href}'`);
    url = parseUrl(next.href, 'on a redirect');
    if ([301, 302, 303].includes(result.status) && method !== 'HEAD' && !options.flags.has('request')) {
      method = 'GET';
      body = undefined;
    }
  }
}

const blank = (url: string, method: string): Transfer => ({
  url,
  method,
  status: 0,
  httpVersion: '0',
  headers: [],
  redirectUrl: undefined,
  redirects: 0,
  connects: 0,
  received: 0,
  sent: 0,
  headerBytes: 0,
  remoteAddress: undefined,
  remotePort: undefined,
  localAddress: undefined,
  localPort: undefined,
  times: { resolved: 0, connected: 0, secured: 0, firstByte: 0, total: 0 },
});

function parseUrl(address: string, where = 'in libcurl'): URL {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  const scheme = full.slice(0, full.indexOf(':')).toLowerCase();
  if (scheme !== 'http' && scheme !== 'https')
    throw new CurlError(1, `Protocol "${scheme}" not supported or disabled ${where}`);
  if (!URL.canParse(full)) throw new CurlError(3, 'URL using bad/illegal format or missing URL');
  return new URL(full);
}

interface Exchange {
  url: URL;
  target: string;
  method: string;
  body: Buffer | undefined;
  first: URL;
  began: number;
  host: TransferHost;
  result: Transfer;
}

async function once({ url, target, method, body, first, began, host, result }: Exchange): Promise<Answer> {
  const { options, context, world, jar, trace } = host;
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const now = () => Math.round(performance.now() - began);
  const attempt: Attempt = { host: url.hostname, port, elapsed: 0, connected: false, received: 0, answered: false };
  const headers = requestHeaders({
    url,
    method,
    body,
    options,
    cookie: jar.headerFor(url, Date.now()),
    trusted: url.host === first.host,
  });
  const authority = options.flags.text('cacert');
  const request = {
    url,
    port,
    method,
    target,
    version: options.flags.bool('http1.0') ? ('1.0' as const) : ('1.1' as const),
    headers,
    body,
    destination: otherDestination(url, port, options.flags.list('connect-to')),
    address: options.resolve.get(`${url.hostname}:${port}`),
    insecure: options.flags.bool('insecure') === true,
    certificate: authority === undefined ? undefined : await certificate(authority, world),
    client: await clientCertificate(options, world),
    latestTls: options.flags.text('tls-max'),
    limit: options.maxTime === undefined ? undefined : Math.max(0, options.maxTime - now()),
    signal: context.signal,
  };
  result.sent = body?.length ?? 0;
  result.connects += 1;
  return new Promise((fulfil, reject) => {
    const timers: NodeJS.Timeout[] = [];
    const clear = () => {
      for (const timer of timers) clearTimeout(timer);
    };
    const fail = (error: CurlError) => {
      clear();
      result.times.total = now();
      giveUp();
      trace(`* ${error.message}`);
      reject(error);
    };
    const expire = () => fail(timedOut({ ...attempt, elapsed: now(), received: result.received }));
    const left = options.maxTime === undefined ? undefined : Math.max(0, options.maxTime - now());
    if (left !== undefined) timers.push(setTimeout(expire, left));
    if (options.connectTimeout !== undefined)
      timers.push(setTimeout(() => (attempt.connected ? undefined : expire()), options.connectTimeout));
    const giveUp = world.send(request, {
      resolved(address) {
        result.times.resolved = now();
        if (address) trace(`*   Trying ${address}:${port}...`);
      },
      connected(connection) {
        attempt.connected = true;
        result.times.connected = now();
        Object.assign(result, connection);
        trace(`* Connected to ${url.hostname} (${connection.remoteAddress}) port ${port} (#0)`);
        const head = `> ${method} ${target} HTTP/${request.version}`;
        trace([head, ...headers.map(([n, v]) => `> ${n}: ${v}`), '> '].join('\n'));
      },
      secured() {
        result.times.secured = now();
      },
      answered(answer) {
        attempt.answered = true;
        takeHead(answer, result, now());
        host.onHead(headOf(answer));
        const cookies = answer.headers.flatMap(([n, value]) => (n.toLowerCase() === 'set-cookie' ? [value] : []));
        jar.receive(cookies, url, Date.now());
        answer.body.on('error', (error: NodeJS.ErrnoException) => fail(fromSystemError(error, attempt)));
        answer.body.on('close', clear);
        fulfil(answer);
      },
      failed: (error) => fail(fromSystemError(error, { ...attempt, elapsed: now() })),
    });
  });
}

async function clientCertificate({ flags }: CurlOptions, world: World): Promise<Request['client']> {
  const path = flags.text('cert');
  if (path === undefined) return undefined;
  const certificate = await contentOf(path, world, `could not load PEM client certificate from ${path}`);
  const keyPath = flags.text('key') ?? path;
  return { certificate, key: await contentOf(keyPath, world, `unable to set private key file: '${keyPath}'`) };
}

async function contentOf(path: string, world: World, problem: string): Promise<Buffer> {
  try {
    return await world.read(path);
  } catch {
    throw new CurlError(58, problem);
  }
}

async function certificate(path: string, world: World): Promise<Buffer> {
  try {
    return await world.read(path);
  } catch {
    throw new CurlError(77, `error setting certificate verify locations:  CAfile: ${path} CApath: none`);
  }
}

function takeHead(answer: Answer, result: Transfer, elapsed: number): void {
  result.status = answer.status;
  result.httpVersion = answer.httpVersion;
  result.times.firstByte = elapsed;
  result.headers = answer.headers;
  result.headerBytes += Buffer.byteLength(headOf(answer));
}

function headOf({ headers, httpVersion, status, phrase }: Answer): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/${httpVersion} ${status} ${phrase}\r\n${lines.join('')}\r\n`;
}

async function deliver(
  { body: message, headers }: Answer,
  host: TransferHost,
  result: Transfer,
  began: number,
): Promise<void> {
  const fails = host.options.flags.bool('fail') && result.status >= 400;
  const source = host.options.flags.bool('compressed') ? decoded(message, headers) : message;
  const { promise, resolve: finish, reject } = Promise.withResolvers<void>();
  const { maxTime } = host.options;
  const expire = () => {
    const elapsed = Math.round(performance.now() - began);
    result.times.total = elapsed;
    const { hostname, port } = new URL(result.url);
    reject(
      timedOut({
        host: hostname,
        port: Number(port),
        elapsed,
        connected: true,
        received: result.received,
        answered: true,
      }),
    );
    message.destroy();
  };
  const timer =
    maxTime === undefined ? undefined : setTimeout(expire, Math.max(0, maxTime - (performance.now() - began)));
  source.on('data', (chunk: Buffer) => {
    result.received += chunk.length;
    if (!fails) host.onBody(chunk);
  });
  source.on('end', finish);
  source.on('error', () => reject(new CurlError(18, 'transfer closed with outstanding read data remaining')));
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    result.times.total = performance.now() - began;
  }
  if (result.status >= 400 && (fails || host.options.flags.bool('fail-with-body')))
    throw new CurlError(22, `The requested URL returned error: ${result.status}`);
}

function decoded(message: Readable, headers: Answer['headers']): NodeJS.ReadableStream {
  const encoding = headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1];
  if (encoding === 'gzip') return message.pipe(createGunzip());
  if (encoding === 'deflate') return message.pipe(createInflate());
  if (encoding === 'br') return message.pipe(createBrotliDecompress());
  return message;
}

function redirectOf(result: Transfer, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(result.status)) return undefined;
  const location = result.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  if (location === undefined || !URL.canParse(location, from)) return undefined;
  return new URL(location, from);
}
