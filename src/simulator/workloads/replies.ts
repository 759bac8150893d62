// How the simulated programs put answers together.
import type { HttpReply, HttpRequest } from '../contract.ts';

type Headers = Record<string, string>;

export function text(status: number, body: string, headers: Headers = {}): HttpReply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}

export function html(status: number, body: string, headers: Headers = {}): HttpReply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body };
}

export function json(status: number, body: string, headers: Headers = {}): HttpReply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

export function pathOf({ path }: HttpRequest): string {
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}

export function queryOf({ path }: HttpRequest): URLSearchParams {
  const query = path.indexOf('?');
  return new URLSearchParams(query < 0 ? '' : path.slice(query + 1));
}

export function bodyOf({ body }: HttpRequest): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
}

export function escapeHtml(value: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' };
  return value.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

/** JSON as Python's json.dumps writes it: spaces after separators, ASCII only. */
export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const pairs = Object.entries(value).map(([key, item]) => `${pythonJson(key)}: ${pythonJson(item)}`);
    return `{${pairs.join(', ')}}`;
  }
  const plain = JSON.stringify(value) ?? 'null';
  return plain.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function byteSize(body: string | Uint8Array): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
}
