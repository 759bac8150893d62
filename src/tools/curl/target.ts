// Where a request goes and what its first line asks for, when that is not simply the URL's.
import { CurlError } from './errors.ts';
import type { CurlOptions } from './options.ts';
import type { Destination } from './world.ts';

/** What stands on the request line: dots are resolved unless --path-as-is; --request-target is taken as it is. */
export function requestTarget(address: string, url: URL, { flags }: CurlOptions): string {
  const asked = flags.text('request-target');
  if (asked !== undefined) return asked;
  if (flags.bool('path-as-is')) return writtenPath(address);
  return `${url.pathname}${url.search}`;
}

function writtenPath(address: string): string {
  const [path = ''] = address.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').split('#');
  const start = path.search(/[/?]/);
  if (start < 0) return '/';
  return path[start] === '?' ? `/${path.slice(start)}` : path.slice(start);
}

/** Of --connect-to HOST1:PORT1:HOST2:PORT2; each part may be empty. The first that fits counts. */
export function otherDestination(url: URL, port: number, entries: readonly string[]): Destination | undefined {
  for (const entry of entries) {
    const [, host, from, to, toPort] = /^([^:]*):(\d*):(\[[^\]]*\]|[^:]*):(\d*)$/.exec(entry) ?? [];
    if (host === undefined) throw new CurlError(49, `Couldn't parse CURLOPT_CONNECT_TO entry '${entry}'`);
    if ((host && host !== url.hostname) || (from && Number(from) !== port)) continue;
    return { host: to?.replace(/^\[|\]$/g, '') || url.hostname, port: Number(toPort) || port };
  }
  return undefined;
}
