// productpage's session: a signed cookie that says who logged in.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HttpRequest } from '../../contract.ts';

/** The same in every replica, as the program's is; it protects a name in a training application. */
const KEY = 'malla bookinfo productpage';

export function userOf({ headers }: HttpRequest): string | undefined {
  const cookie = /(?:^|;\s*)session=([^;]*)/.exec(headers.cookie ?? '')?.[1];
  if (!cookie) return undefined;
  const [payload = '', time = '', signature = ''] = cookie.split('.');
  if (!sameText(signature, sign(`${payload}.${time}`))) return undefined;
  try {
    const { user } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { user?: unknown };
    return typeof user === 'string' ? user : undefined;
  } catch {
    return undefined;
  }
}

export function sessionCookie(user: string, now: number): string {
  const payload = Buffer.from(JSON.stringify({ user })).toString('base64url');
  const seconds = Buffer.alloc(4);
  seconds.writeUInt32BE(Math.floor(now / 1000) % 2 ** 32);
  const signed = `${payload}.${seconds.toString('base64url')}`;
  return `session=${signed}.${sign(signed)}; HttpOnly; Path=/`;
}

export const NO_SESSION = 'session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Path=/';

function sign(value: string): string {
  return createHmac('sha1', KEY).update(value).digest('base64url');
}

function sameText(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
