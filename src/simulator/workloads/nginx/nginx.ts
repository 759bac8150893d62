// nginx: serves files and passes requests on, as the configuration that it finds when it starts says.
import { STATUS_CODES } from 'node:http';
import type { ContainerContext, HttpReply, HttpRequest, RunningContainer } from '../../contract.ts';
import { byteSize, pathOf } from '../replies.ts';
import { chooseLocation, chooseServer, scopeFor } from './choose.ts';
import { ConfigurationError } from './directive.ts';
import { type Files, filesOf } from './files.ts';
import { errorPage, typeOf } from './pages.ts';
import { errorTime, type Proxying, proxyPass, resolveUpstreams } from './proxy.ts';
import { readConfiguration, type Scope } from './servers.ts';
import { clientOf, expand, hostOf, type Values } from './variables.ts';

export function nginx(context: ContainerContext): RunningContainer {
  context.log('/docker-entrypoint.sh: Configuration complete; ready for start up');
  const files = filesOf(context);
  try {
    const configuration = readConfiguration(files);
    for (const name of configuration.ignored) context.log(`malla: the directive "${name}" is not simulated`);
    const addresses = resolveUpstreams(configuration, context);
    const proxying: Proxying = { configuration, context, addresses, turns: new Map() };
    const listening = new Set(configuration.servers.flatMap((s) => s.ports.map((p) => p.port)));
    return {
      ports: Object.fromEntries(
        [...listening].map((port) => [port, (request) => answer(proxying, files, port, request)]),
      ),
    };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    context.log(`${errorTime(context.clock.now())} [emerg] 1#1: ${error.message}`);
    context.log(`nginx: [emerg] ${error.message}`);
    context.exit?.(1);
    return { ports: {} };
  }
}

async function answer(proxying: Proxying, files: Files, port: number, request: HttpRequest): Promise<HttpReply> {
  const { context } = proxying;
  const reply = await replyTo(proxying, files, port, request);
  const tag = /:(\d+(?:\.\d+)*)[^/]*$/.exec(context.image)?.[1];
  const { method, path, headers } = request;
  const asked = `"${method} ${path} HTTP/1.1" ${reply.status} ${byteSize(reply.body)}`;
  const agent = headers['user-agent'] ?? '-';
  const origin = headers['x-forwarded-for'] ?? '-';
  const { address } = clientOf(request);
  context.log(`${address} - - [${accessTime(context.clock.now())}] ${asked} "-" "${agent}" "${origin}"`);
  return { ...reply, headers: { server: tag ? `nginx/${tag}` : 'nginx', ...reply.headers } };
}

async function replyTo(proxying: Proxying, files: Files, port: number, request: HttpRequest): Promise<HttpReply> {
  const { configuration, context } = proxying;
  const server = chooseServer(configuration.servers, port, hostOf(request));
  if (!server) return errorPage('404 Not Found');
  const location = chooseLocation(server, pathOf(request));
  const scope = scopeFor(server, location);
  const values: Values = {
    request,
    serverName: server.names[0] ?? '',
    port,
    hostname: context.env.HOSTNAME ?? '',
    proxyHost: '',
  };
  const { proxy } = scope;
  const reply = scope.reply
    ? returned(scope.reply, scope, values)
    : proxy
      ? await proxyPass(proxying, { ...scope, proxy }, location, values)
      : fileReply(files, scope, request);
  return withHeaders(reply, scope, values);
}

function returned({ status, text }: NonNullable<Scope['reply']>, scope: Scope, values: Values): HttpReply {
  const written = expand(text, values);
  if (written && [301, 302, 303, 307, 308].includes(status)) {
    const page = errorPage(`${status} ${TITLES[status] ?? ''}`);
    return { ...page, headers: { ...page.headers, location: written } };
  }
  if (!written && status >= 300) return errorPage(`${status} ${TITLES[status] ?? STATUS_CODES[status] ?? ''}`.trim());
  return { status, headers: { 'content-type': scope.defaultType }, body: written };
}

/** Where nginx's titles are not the standard's. */
const TITLES: Record<number, string> = {
  302: 'Found',
  405: 'Not Allowed',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

function fileReply(files: Files, { root, index, defaultType }: Scope, request: HttpRequest): HttpReply {
  if (request.method !== 'GET' && request.method !== 'HEAD') return errorPage('405 Not Allowed');
  const path = pathOf(request);
  const tried = path.endsWith('/') ? index.map((name) => `${path}${name}`) : [path];
  for (const one of tried) {
    const body = files.read(`${root}${one}`);
    if (body !== undefined) return { status: 200, headers: { 'content-type': typeOf(one, defaultType) }, body };
  }
  return errorPage('404 Not Found');
}

const USUAL = new Set([200, 201, 204, 206, 301, 302, 303, 304, 307, 308]);

function withHeaders(reply: HttpReply, { headers }: Scope, values: Values): HttpReply {
  const added = headers.filter(({ always }) => always || USUAL.has(reply.status));
  if (added.length === 0) return reply;
  const own = added.map(({ name, value }) => [name.toLowerCase(), expand(value, values)]);
  return { ...reply, headers: { ...reply.headers, ...Object.fromEntries(own) } };
}

/** 21/Nov/2026:04:46:40 +0000 */
function accessTime(now: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(now).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
