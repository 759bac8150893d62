// The panel's own texts in the language of the editor, which sends its bundle with the page. In a page that has none,
// as in a browser, texts stay as they are written. See src/extension/l10n.ts.
import { fill } from './fill.ts';

let bundle: Readonly<Record<string, string>> | undefined;

export function t(text: string, ...values: (string | number)[]): string {
  bundle ??= readBundle();
  return fill(Object.hasOwn(bundle, text) ? (bundle[text] ?? text) : text, values);
}

function readBundle(): Readonly<Record<string, string>> {
  const written = typeof document === 'undefined' ? undefined : document.getElementById('app')?.dataset.texts;
  return written ? (JSON.parse(written) as Record<string, string>) : {};
}

/** For numbers and hours. */
export function locale(): string {
  return (typeof document === 'undefined' ? '' : document.documentElement.lang) || 'es';
}
