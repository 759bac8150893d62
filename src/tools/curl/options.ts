// What a curl command line asks for.
import { FlagError, type FlagSpecs, type Flags, parseFlags } from '../flags.ts';
import { readAll, type ToolContext } from '../tool.ts';
import { CurlError } from './errors.ts';
import type { World } from './world.ts';

export interface CurlOptions {
  urls: string[];
  outputs: string[];
  flags: Flags;
  method: string;
  body: Buffer | undefined;
  /** Of -H, in order: a name with `undefined` removes curl's own header. */
  headers: [name: string, value: string | undefined][];
  maxTime: number | undefined;
  connectTimeout: number | undefined;
  /** `host:port` → address. */
  resolve: Map<string, string>;
}

export const curlFlags: FlagSpecs = {
  cacert: { kind: 'text' },
  cert: { short: 'E', kind: 'text' },
  compressed: { kind: 'bool' },
  'connect-timeout': { kind: 'text' },
  'connect-to': { kind: 'list' },
  cookie: { short: 'b', kind: 'list' },
  'cookie-jar': { short: 'c', kind: 'text' },
  data: { short: 'd', kind: 'list' },
  'data-ascii': { kind: 'list' },
  'data-binary': { kind: 'list' },
  'data-raw': { kind: 'list' },
  'data-urlencode': { kind: 'list' },
  'dump-header': { short: 'D', kind: 'text' },
  fail: { short: 'f', kind: 'bool' },
  'fail-with-body': { kind: 'bool' },
  get: { short: 'G', kind: 'bool' },
  globoff: { short: 'g', kind: 'bool' },
  head: { short: 'I', kind: 'bool' },
  header: { short: 'H', kind: 'list' },
  help: { short: 'h', kind: 'bool' },
  'http1.0': { short: '0', kind: 'bool' },
  'http1.1': { kind: 'bool' },
  include: { short: 'i', kind: 'bool' },
  insecure: { short: 'k', kind: 'bool' },
  json: { kind: 'list' },
  key: { kind: 'text' },
  location: { short: 'L', kind: 'bool' },
  'max-redirs': { kind: 'text' },
  'max-time': { short: 'm', kind: 'text' },
  'no-progress-meter': { kind: 'bool' },
  output: { short: 'o', kind: 'list' },
  'path-as-is': { kind: 'bool' },
  referer: { short: 'e', kind: 'text' },
  'remote-name': { short: 'O', kind: 'bool' },
  request: { short: 'X', kind: 'text' },
  'request-target': { kind: 'text' },
  resolve: { kind: 'list' },
  'show-error': { short: 'S', kind: 'bool' },
  silent: { short: 's', kind: 'bool' },
  'tls-max': { kind: 'text' },
  url: { kind: 'list' },
  user: { short: 'u', kind: 'text' },
  'user-agent': { short: 'A', kind: 'text' },
  verbose: { short: 'v', kind: 'bool' },
  version: { short: 'V', kind: 'bool' },
  'write-out': { short: 'w', kind: 'text' },
};

/** Throws CurlError 2 for what curl does not understand. */
export async function readOptions(argv: string[], context: ToolContext, world: World): Promise<CurlOptions> {
  const { flags, rest, afterDashes } = parse(argv);
  const data = await bodyOf(flags, context, world);
  const asQuery = flags.bool('get') === true;
  const urls = [...flags.list('url'), ...rest, ...(afterDashes ?? [])];
  const body = asQuery ? undefined : data;
  return {
    urls: urls.map((url) => (asQuery && data ? withQuery(url, data.toString()) : url)),
    outputs: flags.list('output'),
    flags,
    method: flags.text('request') ?? (flags.bool('head') ? 'HEAD' : body ? 'POST' : 'GET'),
    body,
    headers: await headersOf(flags, context, world),
    maxTime: milliseconds(flags, 'max-time'),
    connectTimeout: milliseconds(flags, 'connect-timeout'),
    resolve: resolveTable(flags.list('resolve')),
  };
}

function parse(argv: string[]) {
  try {
    return parseFlags(argv, curlFlags);
  } catch (error) {
    if (!(error instanceof FlagError)) throw error;
    const [, long] = /^unknown flag: (--.*)$/.exec(error.message) ?? [];
    const [, short] = /^unknown shorthand flag: '(.)'/.exec(error.message) ?? [];
    const [, needy] = /^flag needs an argument: (.*)$/.exec(error.message) ?? [];
    const letter = /^'(.)'/.exec(needy ?? '')?.[1];
    const option = long ?? (short ? `-${short}` : letter ? `-${letter}` : needy);
    throw new CurlError(2, `option ${option}: ${needy ? 'requires parameter' : 'is unknown'}`);
  }
}

function milliseconds(flags: Flags, name: string): number | undefined {
  const text = flags.text(name);
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds < 0)
    throw new CurlError(2, `option --${name}: expected a proper numerical parameter`);
  // 0 is no limit.
  return seconds === 0 ? undefined : seconds * 1000;
}

async function headersOf(flags: Flags, context: ToolContext, world: World): Promise<CurlOptions['headers']> {
  const lines = await Promise.all(
    flags
      .list('header')
      .map(async (h) => (h.startsWith('@') ? linesOf(await fileText(h.slice(1), context, world)) : [h])),
  );
  const own: CurlOptions['headers'] = flags.has('json')
    ? [
        ['Content-Type', 'application/json'],
        ['Accept', 'application/json'],
      ]
    : [];
  return [
    ...own,
    ...lines.flat().flatMap((line): CurlOptions['headers'] => {
      const colon = line.indexOf(':');
      if (colon < 0) return line.endsWith(';') ? [[line.slice(0, -1), '']] : [];
      const value = line.slice(colon + 1).trim();
      return [[line.slice(0, colon).trim(), value === '' ? undefined : value]];
    }),
  ];
}

const linesOf = (text: string) => text.split(/\r?\n/).filter(Boolean);

async function bodyOf(flags: Flags, context: ToolContext, world: World): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  const fileOr = async (value: string, keepLines: boolean): Promise<Buffer> => {
    if (!value.startsWith('@')) return Buffer.from(value);
    const bytes = await file(value.slice(1), context, world);
    return keepLines ? bytes : Buffer.from(bytes.toString('latin1').replace(/[\r\n\0]/g, ''), 'latin1');
  };
  for (const name of ['data', 'data-ascii']) for (const v of flags.list(name)) parts.push(await fileOr(v, false));
  for (const v of flags.list('data-binary')) parts.push(await fileOr(v, true));
  for (const v of flags.list('data-raw')) parts.push(Buffer.from(v));
  for (const v of flags.list('data-urlencode')) parts.push(Buffer.from(urlEncoded(v)));
  const json = await Promise.all(flags.list('json').map((v) => fileOr(v, true)));
  if (parts.length === 0 && json.length === 0) return undefined;
  return Buffer.concat([...parts.flatMap((p, i) => (i === 0 ? [p] : [Buffer.from('&'), p])), ...json]);
}

function urlEncoded(value: string): string {
  const equals = value.indexOf('=');
  if (equals < 0) return encodeURIComponent(value);
  const name = value.slice(0, equals);
  return `${name === '' ? '' : `${name}=`}${encodeURIComponent(value.slice(equals + 1))}`;
}

async function file(path: string, context: ToolContext, world: World): Promise<Buffer> {
  if (path === '-') return Buffer.from(await readAll(context.streams.stdin));
  try {
    return await world.read(path);
  } catch {
    context.streams.stderr.write(`Warning: Couldn't read data from file "${path}", this makes an empty POST.\n`);
    return Buffer.alloc(0);
  }
}

const fileText = async (path: string, context: ToolContext, world: World) =>
  (await file(path, context, world)).toString('utf8');

function withQuery(url: string, query: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${query}`;
}

function resolveTable(entries: string[]): Map<string, string> {
  return new Map(
    entries.map((entry) => {
      const [, host, port, address] = /^\+?([^:]+):(\d+):(.+)$/.exec(entry) ?? [];
      if (!host || !port || !address) throw new CurlError(49, `Couldn't parse CURLOPT_RESOLVE entry '${entry}'`);
      return [`${host}:${port}`, address.split(',')[0]?.replace(/^\[|\]$/g, '') ?? address] as const;
    }),
  );
}
