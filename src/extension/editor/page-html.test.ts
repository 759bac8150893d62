import { expect, test } from 'vitest';
import { pageHtml } from './page-html.ts';

const page = (markdown: string) =>
  pageHtml({ title: 'Qué <cambiaría>', markdown, source: 'vscode-webview:', styles: ['a.css"'], language: 'es' });

test('a page says its language and its title, and has one main part', () => {
  const html = page('# Hola\n\n| a | b |\n|---|---|\n| uno<br>dos | tres |\n');
  expect(html).toContain('<html lang="es">');
  expect(html).toContain('<title>Qué &lt;cambiaría></title>');
  expect(html).toContain('<main><h1>Hola</h1>');
  expect(html).toMatch(/<div class="scrolled" tabindex="0"><table>[\s\S]*uno<br>dos[\s\S]*<\/table><\/div>/);
});

test('nothing of the text becomes HTML, a command or a script', () => {
  const html = page(
    '<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[aquí](command:workbench.action.quit) [y](javascript:alert(1))\n\n| <b>x</b> |\n|---|\n| <script> |\n',
  );
  expect(html).not.toMatch(/<script|<img|<b>|href="(?:command|javascript):/);
  expect(html).toContain('&lt;script&gt;');
  expect(html).toContain('href="a.css&quot;"');
  expect(html).toContain("default-src 'none'");
});
