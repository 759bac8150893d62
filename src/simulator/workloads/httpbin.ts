// httpbin in its Go version: answers that show the request, or the status and delay that it asks for.
import { addHeader, valuesOf } from '../../mesh/repeated-headers.ts';
import type { Clock, ContainerContext, HttpReply, HttpRequest, RunningContainer } from '../contract.ts';
import { bodyOf, html, pathOf, queryOf } from './replies.ts';
import { websocketEcho } from './websocket-echo.ts';

/** go-httpbin waits no longer than this. */
const LONGEST_DELAY = 10;

interface Surroundings {
  clock: Clock;
  random: () => number;
  hostname: string;
  cancels: Set<() => void>;
}

type Page = (request: HttpRequest, rest: string, around: Surroundings) => HttpReply | Promise<HttpReply>;

export function httpbin(port: number): (context: ContainerContext) => RunningContainer {
  return ({ env, clock, random, log }) => {
    const listening = Number(env.PORT) || port;
    const hostname = /^(1|t|true)$/i.test(env.USE_REAL_HOSTNAME ?? '') ? (env.HOSTNAME ?? '') : 'go-httpbin';
    const around = { clock, random, hostname, cancels: new Set<() => void>() };
    log(`go-httpbin listening on http://0.0.0.0:${listening}`);
    return {
      ports: {
        async [listening](request) {
          const reply = await answer(request, around);
          return { ...reply, headers: { ...cors(request), ...reply.headers } };
        },
      },
      stop() {
        for (const cancel of around.cancels) cancel();
      },
    };
  };
}

const pages = new Map<string, Page>([
  ['', () => html(200, '<!DOCTYPE html>\n<title>go-httpbin</title>\n<h1>go-httpbin</h1>\n')],
  ['headers', (request) => json({ headers: shownHeaders(request) })],
  ['get', (request, _, { random }) => only(request, ['GET', 'HEAD'], () => json(requestFacts(request, random)))],
  ...['post', 'put', 'patch', 'delete'].map((method): [string, Page] => [
    method,
    (request, _, { random }) => only(request, [method.toUpperCase()], () => json(requestFacts(request, random, true))),
  ]),
  ['anything', (request, _, { random }) => json(requestFacts(request, random, true))],
  ['ip', (request, _, { random }) => json({ origin: originOf(request, random) })],
  ['user-agent', ({ headers }) => json({ 'user-agent': headers['user-agent'] ?? '' })],
  ['hostname', (_, __, { hostname }) => json({ hostname })],
  ['status', (_, rest, { random }) => status(rest, random)],
  ['delay', delayed],
  ['unstable', unstable],
  ['redirect', (_, rest) => redirect(rest)],
  ['response-headers', responseHeaders],
  ['websocket', webSocket],
]);

function answer(request: HttpRequest, around: Surroundings): HttpReply | Promise<HttpReply> {
  if (request.method === 'OPTIONS') return { status: 200, headers: {}, body: '' };
  const [, first = '', ...rest] = pathOf(request).split('/');
  const page = pages.get(first);
  return page ? page(request, rest.join('/'), around) : plain(404, '404 page not found\n');
}

function cors({ method, headers }: HttpRequest): Record<string, string> {
  const origin = { 'access-control-allow-credentials': 'true', 'access-control-allow-origin': headers.origin ?? '*' };
  if (method !== 'OPTIONS') return origin;
  const methods = 'GET, POST, HEAD, PUT, DELETE, PATCH, OPTIONS';
  return { ...origin, 'access-control-allow-methods': methods, 'access-control-max-age': '3600' };
}

function only(request: HttpRequest, methods: string[], page: () => HttpReply): HttpReply {
  if (methods.includes(request.method)) return page();
  const refusal = plain(405, 'Method Not Allowed\n');
  return { ...refusal, headers: { ...refusal.headers, allow: methods.join(', ') } };
}

/** `503`, or `200:0.9,500:0.1` to draw from. */
function status(wanted: string, random: () => number): HttpReply {
  const choices = wanted.split(',').map((choice) => {
    const [code = '', weight = '1'] = choice.split(':');
    return { code: Number(code), weight: Number(weight) };
  });
  const valid = choices.every(
    ({ code, weight }) => Number.isInteger(code) && code >= 200 && code <= 599 && weight >= 0,
  );
  if (!valid) return plain(400, `invalid status: ${wanted}\n`);
  const total = choices.reduce((sum, { weight }) => sum + weight, 0);
  let point = random() * total;
  for (const { code, weight } of choices) {
    point -= weight;
    if (point < 0) return statusReply(code);
  }
  return statusReply(choices.at(-1)?.code ?? 200);
}

/** Each parameter of the query is a header of the answer. */
function responseHeaders(request: HttpRequest): HttpReply {
  const query = queryOf(request);
  const reply = json(lists(query));
  for (const [written, value] of query) {
    const name = written.toLowerCase();
    if (HEADER_NAME.test(name) && name !== 'content-length' && name !== 'transfer-encoding')
      addHeader(reply.headers, name, value, 'answer');
  }
  return reply;
}

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

function webSocket(request: HttpRequest, rest: string): HttpReply {
  if (rest !== 'echo') return plain(404, '404 page not found\n');
  const reply = websocketEcho(request);
  if (typeof reply !== 'string') return reply;
  return { ...json({ status_code: 400, error: 'Bad Request', detail: reply }), status: 400 };
}

/** So many redirections, the last one to /get. */
function redirect(rest: string): HttpReply {
  const left = Number(rest);
  if (!(Number.isInteger(left) && left >= 1)) return plain(400, `invalid redirect count: ${rest}\n`);
  return { status: 302, headers: { location: left === 1 ? '/get' : `/relative-redirect/${left - 1}` }, body: '' };
}

const REDIRECTS = [301, 302, 303, 305, 307];

function statusReply(code: number): HttpReply {
  if (code === 418) {
    const headers = { 'content-type': TEXT, 'x-more-info': 'http://tools.ietf.org/html/rfc2324' };
    return { status: 418, headers, body: "I'm a teapot!" };
  }
  const headers: Record<string, string> = { 'content-type': TEXT };
  if (REDIRECTS.includes(code)) headers.location = '/redirect/1';
  return { status: code, headers, body: '' };
}

async function delayed(
  request: HttpRequest,
  rest: string,
  { clock, cancels, random }: Surroundings,
): Promise<HttpReply> {
  const seconds = durationOf(rest);
  if (seconds === undefined || seconds > LONGEST_DELAY) return plain(400, `invalid duration: ${rest}\n`);
  await new Promise<void>((resolve) => {
    const cancel = clock.after(seconds * 1000, () => {
      cancels.delete(cancel);
      resolve();
    });
    cancels.add(cancel);
  });
  const reply = json(requestFacts(request, random, true));
  const timing = `initial_delay;dur=${(seconds * 1000).toFixed(2)};desc="initial delay"`;
  return { ...reply, headers: { ...reply.headers, 'server-timing': timing } };
}

/** A number of seconds, or Go's `500ms`, `1.5s`. */
function durationOf(text: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? [];
  if (amount === undefined) return undefined;
  return Number(amount) * ({ ms: 0.001, s: 1, m: 60 }[unit] ?? 1);
}

function unstable(request: HttpRequest, _: string, { random }: Surroundings): HttpReply {
  const rate = Number(queryOf(request).get('failure_rate') ?? 0.5);
  if (!(rate >= 0 && rate <= 1)) return plain(400, 'invalid failure rate\n');
  return statusReply(random() < rate ? 500 : 200);
}

function requestFacts(request: HttpRequest, random: () => number, withBody = false): Record<string, unknown> {
  const { method, path, authority, headers } = request;
  const facts = {
    args: lists(queryOf(request)),
    headers: shownHeaders(request),
    method,
    origin: originOf(request, random),
    url: `${headers['x-forwarded-proto'] ?? 'http'}://${authority}${path}`,
  };
  if (!withBody) return facts;
  const data = bodyOf(request);
  const isForm = (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  return { ...facts, data, files: {}, form: isForm ? lists(new URLSearchParams(data)) : {}, json: parsed(data) };
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

function lists(parameters: URLSearchParams): Record<string, string[]> {
  return Object.fromEntries([...new Set(parameters.keys())].sort().map((key) => [key, parameters.getAll(key)]));
}

const BODILESS = ['GET', 'HEAD', 'DELETE', 'TRACE', 'CONNECT'];

/** Every value in a list, names as Go writes them, sorted. */
function shownHeaders({ method, headers, authority, body }: HttpRequest): Record<string, string[]> {
  // Envoy writes a length of 0 for methods that usually carry a body.
  const unsized = 'transfer-encoding' in headers || (body === undefined && BODILESS.includes(method));
  const length = unsized ? {} : { 'content-length': String(byteLength(body ?? '')) };
  const all = Object.entries({ ...length, ...headers, host: authority });
  const named = all.map(([name, value]): [string, string[]] => [goName(name), [...valuesOf(value)]]);
  return Object.fromEntries(named.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const byteLength = (body: string | Uint8Array) => (typeof body === 'string' ? Buffer.byteLength(body) : body.length);

function goName(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

/** Who called, as go-httpbin says it: with the port of the connection when no proxy named a client. */
function originOf({ headers, client }: HttpRequest, random: () => number): string {
  const named = headers['x-forwarded-for']?.split(',')[0]?.trim();
  return named ?? client ?? `127.0.0.6:${32768 + Math.floor(random() * 28232)}`;
}

const TEXT = 'text/plain; charset=utf-8';

/** An error as Go's own HTTP server writes it. */
function plain(code: number, body: string): HttpReply {
  return { status: code, headers: { 'content-type': TEXT, 'x-content-type-options': 'nosniff' }, body };
}

function json(value: unknown): HttpReply {
  const body = `${JSON.stringify(value, null, 2)}\n`;
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}
