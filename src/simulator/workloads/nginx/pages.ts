// The pages that nginx writes by itself, and the files that it serves.
import type { HttpReply } from '../../contract.ts';
import { html } from '../replies.ts';

/** `404 Not Found`. */
export function errorPage(title: string): HttpReply {
  const body = `<html>\n<head><title>${title}</title></head>\n<body>\n<center><h1>${title}</h1></center>\n</body>\n</html>\n`;
  return html(Number(title.slice(0, 3)), body, { 'content-type': 'text/html' });
}

const TYPES: Record<string, string> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  txt: 'text/plain',
  json: 'application/json',
  svg: 'image/svg+xml',
};

export function typeOf(path: string, otherwise: string): string {
  return TYPES[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''] ?? otherwise;
}
