// How many bytes the headers of a request or an answer are, as Envoy counts them: names and values, and its own of the first line.
import { valuesOf } from '../../mesh/repeated-headers.ts';
import type { ProxyRecord } from '../traffic.ts';

/** 0: a connection, or nobody has read a request from it. */
export function requestBytes({ request, reporter, service, mtls }: ProxyRecord): number {
  if (!request) return 0;
  const { method, path, upstreamPath = path, authority, headers } = request;
  const own = { ':method': method, ':path': upstreamPath, ':authority': authority, ':scheme': 'http' };
  // Between sidecars it says where the request goes; it never reaches the program.
  const told = reporter === 'source' && mtls && service ? decorated(service) : {};
  return byteSize(own) + byteSize(headers) + byteSize(told);
}

export function responseBytes({ responseHeaders, status }: ProxyRecord): number {
  return responseHeaders ? byteSize(responseHeaders) + ':status'.length + String(status).length : 0;
}

function decorated({ name, namespace, port }: NonNullable<ProxyRecord['service']>): Record<string, string> {
  return { 'x-envoy-decorator-operation': `${name}.${namespace}.svc.cluster.local:${port}/*` };
}

function byteSize(headers: Readonly<Record<string, string>>): number {
  let size = 0;
  for (const name in headers) {
    for (const value of valuesOf(headers[name] ?? '')) size += name.length + Buffer.byteLength(value);
  }
  return size;
}
