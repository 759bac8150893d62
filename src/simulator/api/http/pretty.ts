// JSON with line ends and indents: for people, who ask for it, and for browsers and command line tools that say nothing.
import type { ApiReply, ApiRequest } from './request.ts';

export function isForPeople({ query, headers }: Pick<ApiRequest, 'query' | 'headers'>): boolean {
  const asked = query.get('pretty');
  if (asked !== null && asked !== '') return asked === 'true' || asked === '1';
  return /^(curl|Wget|Mozilla\/5\.0)/.test(headers['user-agent'] ?? '');
}

/** A short answer that was made in one line, as refusals and discovery are. OpenAPI documents are only for programs. */
export function prettyReply(reply: ApiReply, asked: () => Pick<ApiRequest, 'path' | 'query' | 'headers'>): ApiReply {
  const { body, headers } = reply;
  if (typeof body !== 'string' || !body.endsWith('}\n') || headers['content-type'] !== 'application/json') return reply;
  const request = asked();
  if (request.path.startsWith('/openapi') || !isForPeople(request)) return reply;
  return { ...reply, body: prettyText(JSON.parse(body)) };
}

export function prettyText(data: unknown): string {
  return JSON.stringify(data, null, 2);
}
