// The session of a check: one request before the others, as a browser logs in, and the cookies that it gave.
import type { SessionRequest } from '../labs/check-kinds/session-fields.ts';
import { sendRequest } from '../traffic/load.ts';

/** The `cookie` header that goes with the other requests; empty when the server gave none. */
export async function openSession(
  { path, method, headers }: SessionRequest,
  { origin }: URL,
  { destination = {}, signal }: { destination?: Record<string, string>; signal: AbortSignal },
): Promise<Record<string, string>> {
  const url = `${origin}${path}`;
  // Programs send whoever logs in back to the page they came from, and some fail when nobody says which.
  const answer = await sendRequest({ url, method, headers: { ...destination, referer: url, ...headers }, signal });
  signal.throwIfAborted();
  const given = [answer?.headers['set-cookie'] ?? []].flat().map((cookie) => cookie.split(';')[0] ?? '');
  return given.length > 0 ? { cookie: given.join('; ') } : {};
}
