// The headers of a request, in curl's order, with what -H adds, replaces and removes.
import type { CurlOptions } from './options.ts';

export interface RequestFacts {
  url: URL;
  method: string;
  body: Buffer | undefined;
  options: CurlOptions;
  cookie: string | undefined;
  /** Same host as the first URL: credentials never follow a redirect to another. */
  trusted: boolean;
}

export const curlVersion = '8.16.0';

export function requestHeaders({ url, body, options, cookie, trusted }: RequestFacts): [string, string][] {
  const { flags } = options;
  const own: [string, string | undefined][] = [
    ['Host', url.host],
    ['Authorization', trusted ? basic(flags.text('user') ?? userOf(url)) : undefined],
    ['User-Agent', flags.text('user-agent') ?? `curl/${curlVersion}`],
    ['Accept', '*/*'],
    ['Accept-Encoding', flags.bool('compressed') ? 'deflate, gzip, br' : undefined],
    ['Referer', flags.text('referer')],
    ['Cookie', cookie],
  ];
  const content: [string, string | undefined][] = body
    ? [
        ['Content-Length', String(body.length)],
        ['Content-Type', 'application/x-www-form-urlencoded'],
      ]
    : [];
  const given = options.headers.filter(([name]) => trusted || !/^(authorization|cookie)$/i.test(name));
  const replaced = new Set(given.map(([name]) => name.toLowerCase()));
  const kept = (headers: [string, string | undefined][]) =>
    headers.filter(([name, value]) => value !== undefined && value !== '' && !replaced.has(name.toLowerCase()));
  // A Host of -H stands where curl's own would: some servers read it before the rest.
  const host = given.filter(([name]) => name.toLowerCase() === 'host');
  const rest = given.filter(([name]) => name.toLowerCase() !== 'host');
  return [...host, ...kept(own), ...rest, ...kept(content)].filter((h): h is [string, string] => h[1] !== undefined);
}

function userOf(url: URL): string | undefined {
  return url.username ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` : undefined;
}

const basic = (user: string | undefined) =>
  user === undefined ? undefined : `Basic ${Buffer.from(user.includes(':') ? user : `${user}:`).toString('base64')}`;
