// The variables that a configuration may use, and their values for one request.
import { valuesOf } from '../../../mesh/repeated-headers.ts';
import type { HttpRequest } from '../../contract.ts';
import { pathOf } from '../replies.ts';

export interface Values {
  request: HttpRequest;
  /** Of the server that answers, first name. */
  serverName: string;
  port: number;
  hostname: string;
  /** Host and port as proxy_pass writes them; empty elsewhere. */
  proxyHost: string;
}

const VARIABLE = /\$(?:\{(\w+)\}|(\w+))/g;

export function variablesIn(text: string): string[] {
  return [...text.matchAll(VARIABLE)].map(([, braced, plain]) => braced ?? plain ?? '');
}

export function isVariable(name: string): boolean {
  return (
    Object.hasOwn(VARIABLES, name) ||
    /^(?:http|arg|cookie|sent_http|upstream_http)_\w+$/.test(name) ||
    /^[1-9]$/.test(name)
  );
}

export function expand(text: string, values: Values): string {
  return text.replace(VARIABLE, (_whole, braced: string | undefined, plain: string | undefined) =>
    valueFor(braced ?? plain ?? '', values),
  );
}

/** Who is at the other end of the connection: behind a sidecar, that. */
export function clientOf({ client }: HttpRequest): { address: string; port: string } {
  const [address = '', port = ''] = (client ?? '127.0.0.6:40000').split(':');
  return { address, port };
}

function valueFor(name: string, values: Values): string {
  const own = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined;
  if (own) return own(values);
  const { headers, path } = values.request;
  if (name.startsWith('http_')) return valuesOf(headers[name.slice(5).replaceAll('_', '-')] ?? '').join(', ');
  if (!name.startsWith('arg_')) return '';
  return new URLSearchParams(queryOf(path)).get(name.slice(4)) ?? '';
}

const VARIABLES: Record<string, (values: Values) => string> = {
  host: ({ request, serverName }) => hostOf(request) || serverName,
  http_host: ({ request }) => request.authority,
  hostname: ({ hostname }) => hostname,
  uri: ({ request }) => pathOf(request),
  document_uri: ({ request }) => pathOf(request),
  request_uri: ({ request }) => request.path,
  request_method: ({ request }) => request.method,
  request: ({ request }) => `${request.method} ${request.path} HTTP/1.1`,
  args: ({ request }) => queryOf(request.path),
  query_string: ({ request }) => queryOf(request.path),
  is_args: ({ request }) => (queryOf(request.path) ? '?' : ''),
  scheme: () => 'http',
  server_name: ({ serverName }) => serverName,
  server_port: ({ port }) => String(port),
  server_protocol: () => 'HTTP/1.1',
  remote_addr: ({ request }) => clientOf(request).address,
  remote_port: ({ request }) => clientOf(request).port,
  remote_user: () => '',
  proxy_host: ({ proxyHost }) => proxyHost,
  proxy_port: ({ proxyHost }) => /:(\d+)$/.exec(proxyHost)?.[1] ?? '80',
  proxy_add_x_forwarded_for: ({ request }) =>
    [request.headers['x-forwarded-for'], clientOf(request).address].filter((part) => part !== undefined).join(', '),
  request_id: ({ request }) => (request.headers['x-request-id'] ?? '').replaceAll('-', ''),
  status: () => '',
  body_bytes_sent: () => '',
  connection_upgrade: () => '',
};

export function hostOf({ authority }: HttpRequest): string {
  return authority.replace(/:\d+$/, '').toLowerCase();
}

function queryOf(path: string): string {
  const at = path.indexOf('?');
  return at < 0 ? '' : path.slice(at + 1);
}
