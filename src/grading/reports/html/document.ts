// A page that stands alone: no script, nothing loaded from anywhere, its style allowed by digest.
import { createHash } from 'node:crypto';
import { type Markup, markup } from './markup.ts';
import { reportStyles } from './styles.ts';

const digest = createHash('sha256').update(reportStyles).digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${digest}'; form-action 'none'; base-uri 'none'`;

export function htmlDocument(title: string, body: Markup): string {
  const head = markup`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>`;
  // The style goes as it is: escaped, it would not be the text of the digest.
  return `<!doctype html>\n<html lang="es">\n<head>\n${head.html}\n<style>${reportStyles}</style>\n</head>\n<body>\n${body.html}\n</body>\n</html>\n`;
}
