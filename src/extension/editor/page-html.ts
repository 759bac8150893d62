// The document of a page of the help: its Markdown drawn, under a policy that lets nothing in but Malla's styles.
import { createMarkdown } from '../../labs/markdown.ts';

export interface PageDocument {
  title: string;
  /** Names of files and objects in it are escaped by whoever wrote it. */
  markdown: string;
  /** Where the webview may load styles from. */
  source: string;
  styles: readonly string[];
  language: string;
}

export function pageHtml({ title, markdown, source, styles, language }: PageDocument): string {
  return `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${source}; form-action 'none'; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
${styles.map((style) => `<link rel="stylesheet" href="${escaped(style)}">`).join('\n')}
<title>${escaped(title)}</title>
</head>
<body>
<main>${drawn(markdown)}</main>
</body>
</html>`;
}

/** HTML in the text stays text, but for the line breaks of the cells of a table, which Markdown has no other way to write. */
function drawn(markdown: string): string {
  const parser = createMarkdown();
  // A wide table scrolls by itself, by keyboard too.
  parser.renderer.rules.table_open = () => '<div class="scrolled" tabindex="0"><table>';
  parser.renderer.rules.table_close = () => '</table></div>';
  return parser.render(markdown).replaceAll('&lt;br&gt;', '<br>');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
