// The API's own proxy to pods and Services: /api/v1/namespaces/NAMESPACE/services/NAME:PORT/proxy/PATH
import type { KubeObject } from '../../../../mesh/objects.ts';
import type { HttpReply, HttpRequest } from '../../../contract.ts';
import { ApiError, badRequest, notFound } from '../../errors.ts';
import type { Handler, ResourceRequest } from '../context.ts';
import type { ApiReply } from '../request.ts';
import { forwardedHeaders } from '../streams/forwarded-connection.ts';
import { kubeletReply } from './kubelet.ts';
import type { Subresource } from './subresource.ts';

const handler: Handler = async (r) => {
  const { scheme, name, port } = partsOf(r.name ?? '');
  switch (r.kind.plural) {
    case 'pods':
      return relay(r, scheme, podTarget(r, name, port));
    case 'services':
      return relay(r, scheme, serviceTarget(r, name, port));
    default:
      return nodeReply(r, name);
  }
};

const answered = new Set(['pods', 'services', 'nodes']);

export const proxy: Subresource = {
  name: 'proxy',
  of: (kind) => kind.group === '' && answered.has(kind.plural),
  answers: (kind) => ({ group: '', version: 'v1', kind: `${kind.kind}ProxyOptions` }),
  get: handler,
  create: handler,
  update: handler,
  patch: handler,
  delete: handler,
};

/** The path up to the subresource: what follows is the program's, escapes and all. */
export function withoutProxied(path: string): string {
  return PROXIED.exec(path)?.[1] ?? path;
}

const PROXIED = /^(\/api\/v1\/(?:namespaces\/[^/]+\/(?:pods|services)|nodes)\/[^/]+\/proxy)(\/.*)?$/;

interface Target {
  pod: KubeObject;
  address: string;
  port: number;
}

/** `name`, `name:port`, `scheme:name:port`. Throws 400. */
function partsOf(text: string): { scheme: string; name: string; port: string } {
  const parts = text.split(':');
  const [scheme, name, port] = parts.length === 3 ? parts : ['', ...parts];
  if (!name || parts.length > 3 || !['', 'http', 'https'].includes(scheme ?? '')) {
    throw badRequest(`invalid ${JSON.stringify(text)}: it should be [https:]name[:port]`);
  }
  return { scheme: scheme ?? '', name, port: port ?? '' };
}

function podTarget(r: ResourceRequest, name: string, port: string): Target {
  const pod = r.context.registry.get('pods', r.namespace, name);
  if (!pod) throw notFound('pods', name, { name, kind: 'pods' });
  const { containers = [] } = (pod.spec ?? {}) as { containers?: { ports?: { containerPort: number }[] }[] };
  const first = containers.flatMap((c) => c.ports ?? [])[0]?.containerPort ?? 80;
  const { podIP } = (pod.status ?? {}) as { podIP?: string };
  if (!podIP) throw badRequest('address not allowed');
  return { pod, address: podIP, port: port === '' ? first : numberOf(port) };
}

interface Endpoints extends KubeObject {
  subsets?: {
    addresses?: { ip: string; targetRef?: { kind?: string; name?: string; namespace?: string } }[];
    ports?: { name?: string; port: number }[];
  }[];
}

function serviceTarget(r: ResourceRequest, name: string, port: string): Target {
  const { registry } = r.context;
  const service = registry.get('services', r.namespace, name);
  if (!service) throw notFound('services', name, { name, kind: 'services' });
  const portName = /^\d+$/.test(port) ? namedPort(service, Number(port)) : port;
  const endpoints = registry.get('endpoints', r.namespace, name) as Endpoints | undefined;
  for (const { addresses = [], ports = [] } of endpoints?.subsets ?? []) {
    const found = ports.find((p) => (p.name ?? '') === portName);
    for (const { ip, targetRef } of found ? addresses : []) {
      const pod = registry.get('pods', targetRef?.namespace ?? r.namespace, targetRef?.name ?? '');
      if (found && pod) return { pod, address: ip, port: found.port };
    }
  }
  throw unavailable(`no endpoints available for service "${r.name ?? name}"`);
}

/** A Service's ports are known to its endpoints by name; a single one needs none. */
function namedPort(service: KubeObject, port: number): string {
  const { ports = [] } = (service.spec ?? {}) as { ports?: { name?: string; port: number }[] };
  const found = ports.find((p) => p.port === port);
  if (!found) throw unavailable(`no service port ${port} found for service "${service.metadata.name}"`);
  return found.name ?? '';
}

function nodeReply(r: ResourceRequest, name: string): ApiReply {
  if (!r.context.registry.get('nodes', undefined, name)) throw notFound('nodes', name, { name, kind: 'nodes' });
  return kubeletReply(r, name, proxiedPath(r));
}

async function relay(r: ResourceRequest, scheme: string, { pod, address, port }: Target): Promise<ApiReply> {
  if (scheme === 'https') throw unreachable('tls: first record does not look like a TLS handshake');
  const listener = r.context.containers.listener(pod, port);
  if (!listener) throw unreachable(`dial tcp ${address}:${port}: connect: connection refused`);
  if (listener.kind === 'bytes') throw unreachable('malformed HTTP response');
  let reply: HttpReply;
  try {
    reply = await listener.ask(requestOf(r, `${address}:${port}`));
  } catch (error) {
    throw unreachable(error instanceof Error ? error.message : String(error));
  }
  return { status: reply.status, headers: forwardedHeaders(reply.headers), body: reply.body };
}

/** The caller's credentials are for this server, not for a program. */
const NOT_FORWARDED = new Set([
  'authorization',
  'connection',
  'host',
  'transfer-encoding',
  'upgrade',
  'keep-alive',
  'te',
]);

function requestOf(r: ResourceRequest, authority: string): HttpRequest {
  const { request } = r;
  const headers: Record<string, string> = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https' };
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !NOT_FORWARDED.has(name) && !name.startsWith('impersonate-')) headers[name] = value;
  }
  const query = request.query.toString();
  return {
    method: request.method,
    path: `${proxiedPath(r)}${query ? `?${query}` : ''}`,
    authority,
    headers,
    ...(request.body.length > 0 ? { body: request.body } : {}),
  };
}

const proxiedPath = ({ request }: ResourceRequest): string => PROXIED.exec(request.path)?.[2] ?? '/';

function numberOf(port: string): number {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) throw badRequest(`invalid port ${JSON.stringify(port)}`);
  return number;
}

const unavailable = (message: string) => new ApiError(503, 'ServiceUnavailable', message);
const unreachable = (why: string) => unavailable(`error trying to reach service: ${why}`);
