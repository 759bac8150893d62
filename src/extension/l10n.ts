// What a student reads of the extension, in the language of the editor. Texts are written in Spanish where they are
// used, and are the keys of l10n/bundle.l10n.LANGUAGE.json; without a bundle, or without the key, they stay Spanish.
// Not `vscode.l10n.t`: it takes the source for English and reads no bundle when the editor is in English.
// l10n.test.ts holds texts and bundles together. Does not know `vscode`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fill } from '../webview/fill.ts';

export type Bundle = Readonly<Record<string, string>>;

let bundle: Bundle = {};
let language = 'es';

/** From now on texts are said with this bundle, which is of this language. */
export function useBundle(next: Bundle, of = 'es'): void {
  bundle = next;
  language = of;
}

/** For the panels, which say their own texts. */
export function languageOfPanels(): { language: string; texts: Bundle } {
  return { language, texts: bundle };
}

/** The text in the language in use, with `{0}`, `{1}`… filled. `text` is a literal: a machine looks for them. */
export function t(text: string, ...values: (string | number)[]): string {
  return fill(Object.hasOwn(bundle, text) ? (bundle[text] ?? text) : text, values);
}

/**
 * The bundle for a language: «en-us» takes that of «en»; Spanish, and what has none, is Spanish. `of`: «bundle» for the
 * extension and its panels, «yaml» for the help on Istio's YAML (src/language/say.ts), which says its own.
 */
export function readBundle(root: string, wanted: string, of: 'bundle' | 'yaml' = 'bundle'): [Bundle, language: string] {
  for (const name of [wanted, wanted.split('-')[0] ?? '']) {
    try {
      return [JSON.parse(readFileSync(join(root, 'l10n', `${of}.l10n.${name}.json`), 'utf8')) as Bundle, name];
    } catch {
      // The next, or none.
    }
  }
  return [{}, 'es'];
}
