// What a person reads of the help, in the language of the editor. Texts are written in Spanish where they are used, and are
// the keys of l10n/yaml.l10n.LANGUAGE.json; without a bundle, or without the key, they stay Spanish. A bundle of its own: the
// panels get the other one whole. src/extension/l10n.test.ts holds texts and bundle together.

export type Texts = Readonly<Record<string, string>>;

let texts: Texts = {};
let language = 'es';

/** From now on texts are said with these, which are of this language. */
export function useTexts(next: Texts, of: string): void {
  texts = next;
  language = of;
}

/** With `{0}`, `{1}`… filled. `text` is a literal: a machine looks for them. */
export function t(text: string, ...values: (string | number)[]): string {
  return inLanguage(text).replace(/\{(\d+)\}/g, (gap, index: string) => String(values[Number(index)] ?? gap));
}

/** The same for a text that comes from a table of texts. */
export function inLanguage(text: string): string {
  return Object.hasOwn(texts, text) ? (texts[text] ?? text) : text;
}

/** A number as the language writes it: «0,5». */
export function decimal(value: number): string {
  return language === 'es' ? String(value).replace('.', ',') : String(value);
}
