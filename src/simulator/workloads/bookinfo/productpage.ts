// productpage v1, a Python program on Flask: the page, the login and the JSON API.
import type { ContainerContext, HttpReply, HttpRequest, RunningContainer } from '../../contract.ts';
import { bodyOf, html, json, pathOf, pythonJson, queryOf, text } from '../replies.ts';
import { type BackendAnswer, type Backends, createBackends } from './backends.ts';
import { BOOK } from './book.ts';
import { bookPage, indexPage, STYLE } from './page.ts';
import { NO_SESSION, sessionCookie, userOf } from './session.ts';

/** All the books there are. */
const PRODUCTS = pythonJson([BOOK]);
const SERVER = { server: 'gunicorn' };
/** Pages that look at the session say that they differ by cookie. */
const BY_COOKIE = { ...SERVER, vary: 'Cookie' };

export function productpage(context: ContainerContext): RunningContainer {
  return serve(context, createBackends(context, true));
}

/** The program as it would be if nobody had written the few lines that hand on the trace headers. */
export function forgetfulProductpage(context: ContainerContext): RunningContainer {
  return serve(context, createBackends(context, false));
}

function serve(context: ContainerContext, backends: Backends): RunningContainer {
  context.log('[INFO] Starting gunicorn 23.0.0');
  context.log('[INFO] Listening at: http://[::]:9080 (1)');
  context.log('[INFO] Using worker: gthread');
  return { ports: { 9080: (request) => answer(request, backends, context) } };
}

function answer(request: HttpRequest, backends: Backends, context: ContainerContext): HttpReply | Promise<HttpReply> {
  const path = pathOf(request);
  switch (path) {
    case '/':
    case '/index.html':
      return html(200, indexPage(servicesOf()), SERVER);
    case '/health':
      return html(200, 'Product page is healthy', SERVER);
    case '/productpage':
      return front(request, backends);
    case '/login':
      return login(request, context.clock.now());
    case '/logout':
      return back(request, NO_SESSION);
    case '/metrics':
      return text(200, metrics(backends), SERVER);
    case '/static/bookinfo.css':
      return { status: 200, headers: { 'content-type': 'text/css; charset=utf-8', ...SERVER }, body: STYLE };
    default:
      return api(path, request, backends);
  }
}

async function front(request: HttpRequest, backends: Backends): Promise<HttpReply> {
  const id = String(BOOK.id);
  const details = await backends.details(id, request);
  const reviews = await backends.reviews(id, request);
  return html(200, bookPage(userOf(request), details, reviews), BY_COOKIE);
}

async function api(path: string, request: HttpRequest, backends: Backends): Promise<HttpReply> {
  if (path === '/api/v1/products') return json(200, PRODUCTS, SERVER);
  const [, id = '', part] = /^\/api\/v1\/products\/([^/]+)(?:\/(reviews|ratings))?$/.exec(path) ?? [];
  if (!id) return html(404, '<!doctype html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n', SERVER);
  if (part === 'reviews') return asJson(await backends.reviews(id, request));
  if (part === 'ratings') return asJson(await backends.ratings(id, request));
  return asJson(await backends.details(id, request));
}

function asJson({ status, data }: BackendAnswer): HttpReply {
  return json(status, pythonJson(data), SERVER);
}

/** Any password will do. */
function login(request: HttpRequest, now: number): HttpReply {
  if (request.method !== 'POST') {
    return html(405, '<!doctype html>\n<title>405 Method Not Allowed</title>\n<h1>Method Not Allowed</h1>\n', {
      ...SERVER,
      allow: 'POST, OPTIONS',
    });
  }
  const user = new URLSearchParams(bodyOf(request)).get('username') ?? queryOf(request).get('username') ?? '';
  return back(request, sessionCookie(user, now));
}

/** To where the client says it came from; without that the program has nowhere to send it. */
function back({ headers }: HttpRequest, cookie: string): HttpReply {
  const location = headers.referer;
  if (!location) {
    return html(
      500,
      '<!doctype html>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n',
      SERVER,
    );
  }
  return { status: 302, headers: { location, ...SERVER, 'set-cookie': cookie, vary: 'Cookie' }, body: '' };
}

function metrics({ counts }: Backends): string {
  const lines = [...counts].map(([key, count]) => {
    const [app, code] = key.split(' ');
    return `request_result_total{destination_app="${app}",response_code="${code}"} ${count}.0`;
  });
  return ['# HELP request_result_total Results of requests', '# TYPE request_result_total counter', ...lines, ''].join(
    '\n',
  );
}

function servicesOf() {
  const url = (name: string) => `http://${name}:9080`;
  return [
    { name: 'productpage', endpoint: url('productpage'), children: ['details', 'reviews'] },
    { name: 'details', endpoint: url('details'), children: [] },
    { name: 'reviews', endpoint: url('reviews'), children: ['ratings'] },
    { name: 'ratings', endpoint: url('ratings'), children: [] },
  ];
}
