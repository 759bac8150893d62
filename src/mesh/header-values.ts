// Values of `headers` with Envoy's commands: `%DOWNSTREAM_REMOTE_ADDRESS%`, `%REQ(name)%`, `%%`.
import type { MeshRequest } from './engine.ts';
import { firstValue } from './repeated-headers.ts';

export type HeaderValue = string | ((request: MeshRequest) => string);

type Command = (request: MeshRequest, argument: string) => string;

const COMMANDS: Readonly<Record<string, Command>> = {
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: ({ sourceAddress = '-' }) => sourceAddress,
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT: ({ sourceAddress = '-' }) => sourceAddress,
  DOWNSTREAM_LOCAL_ADDRESS: ({ destinationAddress, port }) =>
    destinationAddress === undefined ? '-' : `${destinationAddress}:${port}`,
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: ({ destinationAddress = '-' }) => destinationAddress,
  DOWNSTREAM_LOCAL_PORT: ({ port }) => String(port),
  REQUESTED_SERVER_NAME: ({ serverName = '-' }) => serverName,
  PROTOCOL: () => 'HTTP/1.1',
  REQ: requested,
};

const ONE = /%%|%([A-Z_]+)(?:\(([^()%]*)\))?(?::(\d{1,5}))?%/g;

/** A command that is not known here stays as it is written. */
export function compileHeaderValue(written: string): HeaderValue {
  if (!written.includes('%')) return written;
  const known = [...written.matchAll(ONE)].some(([, name]) => name !== undefined && Object.hasOwn(COMMANDS, name));
  if (!known) return written.replaceAll('%%', '%');
  return (request) =>
    written.replace(ONE, (whole: string, name?: string, argument = '', length?: string) => {
      if (name === undefined) return '%';
      const value = Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.(request, argument) : undefined;
      if (value === undefined) return whole;
      return length === undefined ? value : value.slice(0, Number(length));
    });
}

/** `NAME?OTHER`. */
function requested(request: MeshRequest, argument: string): string {
  for (const name of argument.split('?')) {
    const value = pseudo(request, name.toUpperCase()) ?? own(request.headers, name.toLowerCase());
    if (value !== undefined) return firstValue(value);
  }
  return '-';
}

function pseudo({ method, path, authority }: MeshRequest, name: string): string | undefined {
  if (name === ':METHOD') return method;
  if (name === ':PATH') return path;
  return name === ':AUTHORITY' ? authority : undefined;
}

function own(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}
