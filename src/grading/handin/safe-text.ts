// Text of strangers made fit to be shown: what a terminal would obey, what turns the direction of writing, and what cannot
// be seen is written out as its code.

/** Controls, formats, unpaired surrogates, separators of lines and paragraphs. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** One line of at most `most` characters. */
export function safeText(text: string, most = 300): string {
  const shown = text.slice(0, most * 2).replace(hidden, codeOf);
  const letters = [...shown];
  return letters.length > most || text.length > most * 2 ? `${letters.slice(0, most - 1).join('')}…` : shown;
}

/** The same of a text with lines: tabs and ends of line stay. */
export function safeLines(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(hidden, (letter) => (letter === '\n' || letter === '\t' ? letter : codeOf(letter)));
}

/** What of it would have to be written out; empty when nothing. Tabs and ends of line do not count. */
export function hiddenIn(text: string): string[] {
  const found = text.match(hidden) ?? [];
  return [...new Set(found.filter((letter) => !/[\n\r\t]/.test(letter)).map(codeOf))].slice(0, 5);
}

function codeOf(letter: string): string {
  return `\\u{${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}
