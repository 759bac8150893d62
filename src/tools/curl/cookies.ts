// Cookies of one run, read from and written to files in Netscape's format (the tabs are the format).
import type { World } from './world.ts';

export interface Cookie {
  domain: string;
  includeSubdomains: boolean;
  path: string;
  secure: boolean;
  /** Seconds since the epoch; 0 for the session. */
  expires: number;
  name: string;
  value: string;
}

export class CookieJar {
  #cookies: Cookie[] = [];
  /** Of `-b name=value`: sent always. */
  #fixed: string[] = [];

  /** `-b` takes pairs when there is an equals sign, else a file; a file that does not exist is an empty one. */
  async add(source: string, world: World): Promise<void> {
    if (source.includes('=')) {
      this.#fixed.push(source);
      return;
    }
    const text = await world.read(source).then(
      (bytes) => bytes.toString('utf8'),
      () => '',
    );
    this.#cookies.push(...text.split('\n').flatMap((line) => parseLine(line) ?? []));
  }

  headerFor(url: URL, now: number): string | undefined {
    const own = this.#cookies.filter((c) => matches(c, url) && (c.expires === 0 || c.expires * 1000 > now));
    const pairs = [...own.map((c) => `${c.name}=${c.value}`), ...this.#fixed];
    return pairs.length > 0 ? pairs.join('; ') : undefined;
  }

  receive(setCookies: string[], url: URL, now: number): void {
    for (const line of setCookies) {
      const cookie = parseSetCookie(line, url, now);
      if (!cookie) continue;
      const same = (c: Cookie) => c.name === cookie.name && c.domain === cookie.domain && c.path === cookie.path;
      this.#cookies = [...this.#cookies.filter((c) => !same(c)), cookie];
    }
  }

  async save(path: string, world: World): Promise<string | undefined> {
    const lines = this.#cookies.map((c) =>
      [c.domain, flag(c.includeSubdomains), c.path, flag(c.secure), c.expires, c.name, c.value].join('\t'),
    );
    const text = `# Netscape HTTP Cookie File\n\n${lines.map((l) => `${l}\n`).join('')}`;
    if (path === '-') return text;
    const file = world.create(path);
    file.write(text);
    await file.close();
    return undefined;
  }
}

const flag = (on: boolean) => (on ? 'TRUE' : 'FALSE');

function parseLine(line: string): Cookie | undefined {
  const plain = line.replace(/^#HttpOnly_/, '');
  if (plain.startsWith('#')) return undefined;
  const [domain, sub, path, secure, expires, name, value = ''] = plain.trimEnd().split('\t');
  if (!domain || !path || name === undefined) return undefined;
  return {
    domain,
    includeSubdomains: sub === 'TRUE',
    path,
    secure: secure === 'TRUE',
    expires: Number(expires) || 0,
    name,
    value,
  };
}

function parseSetCookie(line: string, url: URL, now: number): Cookie | undefined {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const equals = pair.indexOf('=');
  if (equals <= 0) return undefined;
  const attribute = new Map(
    attributes.map((a) => [(a.split('=')[0] ?? '').toLowerCase(), a.includes('=') ? a.slice(a.indexOf('=') + 1) : '']),
  );
  const domain = attribute.get('domain')?.replace(/^\./, '');
  // A host may set cookies for itself and its parents only.
  if (domain && domain !== url.hostname && !url.hostname.endsWith(`.${domain}`)) return undefined;
  const age = attribute.get('max-age');
  const date = Date.parse(attribute.get('expires') ?? '');
  const expires = age !== undefined ? now / 1000 + Number(age) : Number.isNaN(date) ? 0 : date / 1000;
  return {
    domain: domain ? `.${domain}` : url.hostname,
    includeSubdomains: domain !== undefined,
    path: attribute.get('path') || '/',
    secure: attribute.has('secure'),
    expires: Math.round(expires),
    name: pair.slice(0, equals),
    value: pair.slice(equals + 1),
  };
}

function matches(cookie: Cookie, url: URL): boolean {
  const domain = cookie.domain.replace(/^\./, '');
  const host = url.hostname === domain || (cookie.includeSubdomains && url.hostname.endsWith(`.${domain}`));
  const folder = cookie.path.endsWith('/') ? cookie.path : `${cookie.path}/`;
  const path = url.pathname === cookie.path || url.pathname.startsWith(folder);
  return host && path && (!cookie.secure || url.protocol === 'https:');
}
