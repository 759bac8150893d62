// From directives to the servers that answer: what each listens on, its names, and its locations with what they inherit.
import { RE2JS } from 're2js';
import { ConfigurationError, type Directive, readDirectives, wrong } from './directive.ts';
import type { Files } from './files.ts';
import { HTML_FOLDER, MAIN_FILE } from './image-files.ts';
import { standingOf } from './known-directives.ts';
import { isVariable, variablesIn } from './variables.ts';

export interface NginxServer {
  ports: { port: number; isDefault: boolean }[];
  /** As written: exact, `*.suffix`, `prefix.*` or `~regular expression`. */
  names: string[];
  /** What no location takes. */
  base: Scope;
  locations: Location[];
}

export interface Location {
  kind: 'exact' | 'prefix' | 'first-prefix' | 'expression';
  path: string;
  expression?: RE2JS;
  scope: Scope;
}

/** What holds for a request once its place is chosen. */
export interface Scope {
  root: string;
  index: string[];
  defaultType: string;
  reply?: { status: number; text: string };
  proxy?: { address: string; at: Directive };
  proxyHeaders: [name: string, value: string][];
  /** False: none of the request's own headers goes on. */
  passesHeaders: boolean;
  proxyVersion: string;
  /** Milliseconds. */
  readTimeout: number;
  headers: { name: string; value: string; always: boolean }[];
}

export interface Configuration {
  servers: NginxServer[];
  /** Name → `host:port` of each server, as often as its weight says. */
  upstreams: Map<string, string[]>;
  /** Directives that would do something and are not simulated. */
  ignored: string[];
}

const START: Scope = {
  root: HTML_FOLDER,
  index: ['index.html'],
  defaultType: 'text/plain',
  proxyHeaders: [],
  passesHeaders: true,
  proxyVersion: '1.0',
  readTimeout: 60_000,
  headers: [],
};

const MOST_INCLUDES = 50;

/** Throws ConfigurationError, with nginx's words. */
export function readConfiguration(files: Files): Configuration {
  const ignored = new Set<string>();
  let includes = 0;

  function load(path: string, from?: Directive): Directive[] {
    const text = files.read(path);
    if (text === undefined) {
      const place = from ? ` in ${from.file}:${from.line}` : '';
      throw new ConfigurationError(`open() "${path}" failed (2: No such file or directory)${place}`);
    }
    return whole(readDirectives(text, path));
  }

  /** With what is included in its place, and what nobody knows refused. */
  function whole(directives: readonly Directive[]): Directive[] {
    return directives.flatMap((directive) => {
      const { name, args, block, file, line } = directive;
      const standing = standingOf(name);
      if (standing === undefined) throw wrong(`unknown directive "${name}"`, file, line);
      if (standing === 'not simulated') ignored.add(name);
      if (name === 'include') return included(directive, args[0] ?? '');
      for (const variable of name === 'log_format' || standing !== 'obeyed' ? [] : args.flatMap(variablesIn)) {
        if (!isVariable(variable)) throw wrong(`unknown "${variable}" variable`, file, line);
      }
      // The words of `types` are file types, not directives.
      return [block && name !== 'types' && standing === 'obeyed' ? { ...directive, block: whole(block) } : directive];
    });
  }

  function included(from: Directive, written: string): Directive[] {
    includes += 1;
    if (includes > MOST_INCLUDES) throw wrong('too many included files', from.file, from.line);
    const path = written.startsWith('/') ? written : `/etc/nginx/${written}`;
    return path.includes('*') ? files.glob(path).flatMap((one) => load(one, from)) : load(path, from);
  }

  const main = load(MAIN_FILE);
  if (!main.some((d) => d.name === 'events')) throw new ConfigurationError('no "events" section in configuration');
  const http = main.filter((d) => d.name === 'http').flatMap((d) => d.block ?? []);
  const scope = scopeOf(START, http);
  return {
    servers: http.filter((d) => d.name === 'server' && d.block).map((d) => readServer(d, scope)),
    upstreams: new Map(http.filter((d) => d.name === 'upstream').map(readUpstream)),
    ignored: [...ignored],
  };
}

function readServer({ block = [] }: Directive, above: Scope): NginxServer {
  const scope = scopeOf(above, block);
  const listens = block.filter((d) => d.name === 'listen');
  return {
    ports: listens.length > 0 ? listens.flatMap(readListen) : [{ port: 80, isDefault: false }],
    names: block.filter((d) => d.name === 'server_name').flatMap((d) => d.args),
    base: scope,
    locations: block.filter((d) => d.name === 'location').flatMap((d) => readLocation(d, scope)),
  };
}

function readListen({ args, file, line }: Directive): NginxServer['ports'] {
  const [address = '', ...options] = args;
  const port = Number(/^(?:.*:)?(\d+)$/.exec(address)?.[1] ?? (/^[a-z.]+$|^\*$/i.test(address) ? 80 : Number.NaN));
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw wrong(`invalid port in "${address}" of the "listen" directive`, file, line);
  return [{ port, isDefault: options.includes('default_server') }];
}

const KINDS: Record<string, Location['kind']> = {
  '=': 'exact',
  '^~': 'first-prefix',
  '~': 'expression',
  '~*': 'expression',
};

function readLocation(directive: Directive, above: Scope): Location[] {
  const { args, block = [], file, line } = directive;
  const [first = '', second] = args;
  const modifier = second === undefined ? '' : first;
  const path = second ?? first;
  const kind = modifier === '' ? 'prefix' : KINDS[modifier];
  if (!kind || args.length > 2 || path === '') throw wrong(`invalid location modifier "${first}"`, file, line);
  const expression = kind === 'expression' ? compile(path, modifier === '~*', directive) : undefined;
  const own = { kind, path, ...(expression && { expression }), scope: scopeOf(above, block) };
  return [own, ...block.filter((d) => d.name === 'location').flatMap((d) => readLocation(d, own.scope))];
}

function compile(pattern: string, anyCase: boolean, { file, line }: Directive): RE2JS {
  try {
    return RE2JS.compile(pattern, anyCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch {
    throw wrong(`pcre2_compile() failed in "${pattern}"`, file, line);
  }
}

/** A list that is written here replaces the one from above, as nginx does. What a location answers is its own. */
function scopeOf(above: Scope, block: readonly Directive[]): Scope {
  const { reply: _reply, proxy: _proxy, ...inherited } = above;
  const scope: Scope = { ...inherited };
  const lists = new Set<string>();
  for (const directive of block) {
    const { name, args, file, line } = directive;
    const [first = '', second = ''] = args;
    const [least, most] = settings.get(name) ?? [0, Number.POSITIVE_INFINITY];
    if (args.length < least || args.length > most)
      throw wrong(`invalid number of arguments in "${name}" directive`, file, line);
    if (name === 'root') scope.root = first.replace(/\/+$/, '');
    else if (name === 'index') scope.index = [...args];
    else if (name === 'default_type') scope.defaultType = first;
    else if (name === 'return') scope.reply = readReturn(directive);
    else if (name === 'proxy_pass') scope.proxy = readProxy(directive);
    else if (name === 'proxy_pass_request_headers') scope.passesHeaders = readFlag(directive);
    else if (name === 'proxy_http_version') scope.proxyVersion = first;
    else if (name === 'proxy_read_timeout') scope.readTimeout = readTime(first) ?? scope.readTimeout;
    else if (name === 'proxy_set_header') scope.proxyHeaders = [...kept(name, scope.proxyHeaders), [first, second]];
    else if (name === 'add_header')
      scope.headers = [...kept(name, scope.headers), { name: first, value: second, always: args[2] === 'always' }];
  }
  return scope;

  function kept<T>(name: string, list: T[]): T[] {
    const before = lists.has(name) ? list : [];
    lists.add(name);
    return before;
  }
}

/** How many words each takes. */
const settings = new Map<string, readonly [least: number, most: number]>([
  ['root', [1, 1]],
  ['index', [1, 20]],
  ['default_type', [1, 1]],
  ['return', [1, 2]],
  ['proxy_pass', [1, 1]],
  ['proxy_pass_request_headers', [1, 1]],
  ['proxy_http_version', [1, 1]],
  ['proxy_read_timeout', [1, 1]],
  ['proxy_set_header', [2, 2]],
  ['add_header', [2, 3]],
]);

function readReturn({ args, file, line }: Directive): { status: number; text: string } {
  const [first = '', text = ''] = args;
  if (/^https?:\/\//.test(first)) return { status: 302, text: first };
  const status = Number(first);
  if (!Number.isInteger(status) || status < 0 || status > 999)
    throw wrong(`invalid return code "${first}"`, file, line);
  return { status, text };
}

function readProxy(at: Directive): NonNullable<Scope['proxy']> {
  const address = at.args[0] ?? '';
  if (!/^https?:\/\//.test(address)) throw wrong('invalid URL prefix', at.file, at.line);
  return { address, at };
}

function readFlag({ name, args: [word = ''], file, line }: Directive): boolean {
  if (word !== 'on' && word !== 'off')
    throw wrong(`invalid value "${word}" in "${name}" directive, it must be "on" or "off"`, file, line);
  return word === 'on';
}

/** `30`, `30s`, `500ms`, `1m`. */
function readTime(text: string): number | undefined {
  const [, number, unit = 's'] = /^(\d+)(ms|s|m|h)?$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  return Number(number) * ({ ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[unit] ?? 1_000);
}

const HEAVIEST = 100;

function readUpstream({ args, block = [] }: Directive): [string, string[]] {
  const addresses = block
    .filter((d) => d.name === 'server' && !d.args.includes('down'))
    .flatMap(({ args: [address = '', ...options] }) => {
      const weight = Number(/^weight=(\d+)$/.exec(options.find((o) => o.startsWith('weight=')) ?? '')?.[1] ?? 1);
      return Array.from({ length: Math.min(HEAVIEST, Math.max(1, weight)) }, () => address);
    });
  return [args[0] ?? '', addresses];
}
