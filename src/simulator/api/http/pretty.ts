// JSON with line ends and indents: for people, who ask for it, and for browsers and command line tools that say nothing.
import type { ApiReply } from './request.ts';
import { readQuery } from './request-line.ts';

/** How a request line and its headers say who asks. */
export interface Asker {
  path: string;
  /** What is after the `?`. */
  query: string;
  userAgent: string | undefined;
}

/** What was made in one line, for who is to read it in many. OpenAPI documents are only for programs. */
export function prettyReply(reply: ApiReply, asker: Asker): ApiReply {
  if (reply.headers['content-type'] !== 'application/json') return reply;
  if (asker.path.startsWith('/openapi') || !isForPeople(asker)) return reply;
  const line = inOneLine(reply.body);
  return line === undefined ? reply : { ...reply, body: JSON.stringify(JSON.parse(line), null, 2) };
}

function isForPeople({ query, userAgent = '' }: Asker): boolean {
  const asked = query.includes('pretty') ? readQuery(query).get('pretty') : undefined;
  if (asked) return asked === 'true' || asked === '1';
  return /^(curl|Wget|Mozilla\/5\.0)/.test(userAgent);
}

/** Undefined for what is no JSON object, or goes on: a watch has one line for each event. */
function inOneLine(body: ApiReply['body']): string | undefined {
  if (typeof body === 'string') return body.endsWith('}\n') ? body : undefined;
  if (body instanceof Uint8Array || !(Symbol.iterator in body)) return undefined;
  return Buffer.concat([...body].map((piece) => Buffer.from(piece))).toString();
}
