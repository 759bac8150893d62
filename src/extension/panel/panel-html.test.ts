import { expect, test } from 'vitest';
import { panelHtml } from './panel-html.ts';

const resources = {
  source: 'https://webview.test',
  script: 'https://webview.test/lab.js',
  styles: ['x.css'],
  language: 'es',
  texts: {},
};
const nonceOf = (html: string) => /script-src 'nonce-([^']+)'/.exec(html)?.[1];

test('nothing loads by default and only the script with the nonce runs', () => {
  const html = panelHtml(resources);
  expect(html).toContain("default-src 'none'");
  expect(html).not.toContain('unsafe');
  expect(html).toContain(`<script nonce="${nonceOf(html)}" src="https://webview.test/lab.js">`);
});

test('each panel has its own nonce', () => {
  expect(nonceOf(panelHtml(resources))).not.toBe(nonceOf(panelHtml(resources)));
});

test('the texts of a language travel with the page, whatever they say', () => {
  const texts = { 'Con "comillas"': '<b> & "quotes"' };
  const html = panelHtml({ ...resources, language: 'en', texts });
  expect(html).toContain('<html lang="en">');
  const written = /data-texts="([^"]*)"/.exec(html)?.[1] ?? '';
  expect(written).not.toContain('<');
  const read = written.replaceAll('&lt;', '<').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  expect(JSON.parse(read)).toEqual(texts);
});
