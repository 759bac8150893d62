// proxy_pass: a request goes on to another server, as nginx sends it.
import { CallError, type ContainerContext, type HttpReply, type HttpRequest } from '../../contract.ts';
import { pathOf } from '../replies.ts';
import { ConfigurationError } from './directive.ts';
import { errorPage } from './pages.ts';
import type { Configuration, Location, Scope } from './servers.ts';
import { clientOf, expand, type Values, variablesIn } from './variables.ts';

export interface Proxying {
  configuration: Configuration;
  context: ContainerContext;
  /** Name → address, as they were when nginx started: it does not ask again. */
  addresses: ReadonlyMap<string, string>;
  /** Counts, for upstreams of several servers. */
  turns: Map<string, number>;
}

/** Every name must be known when nginx starts. Throws ConfigurationError. */
export function resolveUpstreams(configuration: Configuration, context: ContainerContext): Map<string, string> {
  const addresses = new Map<string, string>();
  for (const { address, file, line } of destinations(configuration)) {
    const host = address.replace(/:\d+$/, '');
    if (variablesIn(address).length > 0 || configuration.upstreams.has(address) || isAddress(host)) continue;
    const found = addressOf(host, context);
    if (found === undefined) throw new ConfigurationError(`host not found in upstream "${host}" in ${file}:${line}`);
    addresses.set(host, found);
  }
  return addresses;
}

function destinations({ servers, upstreams }: Configuration): { address: string; file: string; line: number }[] {
  const scopes = servers.flatMap((s) => [s.base, ...s.locations.map((l) => l.scope)]);
  const passed = scopes.flatMap(({ proxy }) =>
    proxy ? [{ address: split(proxy.address).host, file: proxy.at.file, line: proxy.at.line }] : [],
  );
  const listed = [...upstreams.values()].flat();
  return [...passed, ...listed.map((address) => ({ address, file: '/etc/nginx/conf.d/default.conf', line: 1 }))];
}

const isAddress = (host: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(host) || host === 'localhost';

/** As the pod's resolver has it: a Service of its namespace, or by its longer names. Outside the cluster all is known. */
function addressOf(host: string, { api, pod }: ContainerContext): string | undefined {
  if (!api) return host;
  const [name = '', namespace = pod.metadata.namespace ?? 'default', ...rest] = host.split('.');
  const inside = ['', 'svc', 'svc.cluster', 'svc.cluster.local'].includes(rest.join('.'));
  const service = inside ? api.get('services', namespace, name) : undefined;
  if (service) {
    const { clusterIP } = (service.spec ?? {}) as { clusterIP?: string };
    return clusterIP && clusterIP !== 'None' ? clusterIP : host;
  }
  return inside && (rest.length > 0 || !host.includes('.')) ? undefined : host;
}

export async function proxyPass(
  proxying: Proxying,
  scope: Scope & { proxy: NonNullable<Scope['proxy']> },
  location: Location | undefined,
  values: Values,
): Promise<HttpReply> {
  const { request } = values;
  const { host, uri, secure } = split(scope.proxy.address);
  if (secure) return failed(proxying, values, '502 Bad Gateway', 'TLS towards upstreams is not simulated');
  const server = nextServer(proxying, expand(host, values));
  const known = { ...values, proxyHost: host };
  const name = server.replace(/:\d+$/, '');
  if (variablesIn(host).length > 0 && !isAddress(name))
    return failed(proxying, known, '502 Bad Gateway', `no resolver defined to resolve ${name}`);
  const port = /:(\d+)$/.exec(server)?.[1] ?? '80';
  const sent: HttpRequest = {
    method: request.method,
    path: pathSent(request, location, uri === undefined ? undefined : expand(uri, known)),
    ...headersSent(scope, known),
    ...(request.body !== undefined && { body: request.body }),
    ...(scope.proxyVersion === '1.0' && { version: 'HTTP/1.0' as const }),
  };
  try {
    return received(await ask(proxying, { ...sent, connectTo: `${name}:${port}` }, scope.readTimeout));
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    const slow = error.failure === 'timeout';
    const reason = slow
      ? 'upstream timed out (110: Connection timed out) while reading response header from upstream'
      : `${WORDS[error.failure]} while connecting to upstream`;
    return failed(
      proxying,
      known,
      slow ? '504 Gateway Time-out' : '502 Bad Gateway',
      reason,
      `http://${server}${sent.path}`,
    );
  }
}

const WORDS = {
  refused: 'connect() failed (111: Connection refused)',
  reset: 'recv() failed (104: Connection reset by peer)',
  dns: 'connect() failed (113: No route to host)',
  timeout: '',
};

/** The name was looked up once: when it is gone since, its old address is still asked. */
async function ask({ context, addresses }: Proxying, request: HttpRequest, timeout: number): Promise<HttpReply> {
  try {
    return await context.call(request, timeout);
  } catch (error) {
    const [, name = '', port] = /^(.*):(\d+)$/.exec(request.connectTo ?? '') ?? [];
    const address = addresses.get(name);
    if (!(error instanceof CallError) || error.failure !== 'dns' || address === undefined || address === name)
      throw error;
    return context.call({ ...request, connectTo: `${address}:${port}` }, timeout);
  }
}

function nextServer({ configuration, turns }: Proxying, host: string): string {
  const servers = configuration.upstreams.get(host);
  if (!servers || servers.length === 0) return host;
  const turn = turns.get(host) ?? 0;
  turns.set(host, turn + 1);
  return servers[turn % servers.length] ?? host;
}

/** With a path in proxy_pass, that stands in place of what the location matched; without, the request's own. */
function pathSent(request: HttpRequest, location: Location | undefined, uri: string | undefined): string {
  if (uri === undefined || location?.expression) return request.path;
  const matched = location?.path ?? '';
  const path = pathOf(request);
  return `${uri}${path.slice(matched.length)}${request.path.slice(path.length)}`;
}

const HOP_BY_HOP = new Set([
  'host',
  'connection',
  'keep-alive',
  'te',
  'transfer-encoding',
  'upgrade',
  'content-length',
]);

function headersSent(
  { proxyHeaders, passesHeaders }: Scope,
  values: Values,
): Pick<HttpRequest, 'authority' | 'headers'> {
  const own = passesHeaders ? Object.entries(values.request.headers) : [];
  const headers = Object.fromEntries(own.filter(([name]) => !HOP_BY_HOP.has(name)));
  let authority = values.proxyHost;
  for (const [written, text] of proxyHeaders) {
    const name = written.toLowerCase();
    const value = expand(text, values);
    if (name === 'host') authority = value;
    else if (name === 'connection') continue;
    else if (value === '') delete headers[name];
    else headers[name] = value;
  }
  return { authority, headers };
}

const OF_THE_CONNECTION = new Set([
  'date',
  'server',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
]);

function received({ status, headers, body }: HttpReply): HttpReply {
  const own = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name) && !name.startsWith('x-accel-'));
  return { status, headers: Object.fromEntries(own), body };
}

function failed({ context }: Proxying, values: Values, title: string, reason: string, upstream = ''): HttpReply {
  const { request, serverName } = values;
  const asked = `request: "${request.method} ${request.path} HTTP/1.1"`;
  const where = upstream ? `, upstream: "${upstream}"` : '';
  context.log(
    `${errorTime(context.clock.now())} [error] 29#29: *1 ${reason}, client: ${clientOf(request).address}, server: ${serverName}, ${asked}${where}, host: "${request.authority}"`,
  );
  return errorPage(title);
}

/** 2026/11/21 04:46:40 */
export function errorTime(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ');
}

function split(address: string): { secure: boolean; host: string; uri: string | undefined } {
  const [, scheme, host = '', uri] = /^(https?):\/\/([^/]*)(\/.*)?$/.exec(address) ?? [];
  return { secure: scheme === 'https', host, uri };
}
