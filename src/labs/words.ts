// A command line of a lab as words: quotes are understood, a shell is not.

export type Words = { words: string[] } | { problem: string };

/** Splits on blanks; '…' and "…" join. What only a shell could do (pipes, variables, globs…) is a problem. */
export function splitWords(line: string): Words {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const character of line) {
    if (quote !== '') {
      if (character === quote) quote = '';
      else if (quote === '"' && '$`\\'.includes(character))
        return { problem: `el carácter «${character}» entre comillas dobles` };
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if ('|&;<>()$`\\*?[]{}!#~'.includes(character))
      return { problem: `el carácter «${character}» fuera de comillas` };
    else word = (word ?? '') + character;
  }
  if (quote !== '') return { problem: 'unas comillas sin cerrar' };
  if (word !== undefined) words.push(word);
  return { words };
}
