// Options of small programs, as getopt reads them.

export interface Options {
  flags: ReadonlySet<string>;
  values: ReadonlyMap<string, string>;
  /** All values of an option that may come more than once. */
  all(name: string): string[];
  rest: string[];
}

/** A message without the program's name. */
export class OptionError extends Error {}

/** `known` as getopt writes it: `n:` takes a value, a first `+` ends the options at the first other word. Long names are given with the letter they stand for. */
export function readOptions(
  argv: readonly string[],
  known: string,
  long: Readonly<Record<string, string>> = {},
): Options {
  const flags = new Set<string>();
  const values = new Map<string, string[]>();
  const rest: string[] = [];
  const queue = [...argv];
  const takesValue = (letter: string) => known.includes(`${letter}:`);
  const give = (letter: string, value: string) => values.set(letter, [...(values.get(letter) ?? []), value]);
  while (queue.length > 0) {
    const word = queue.shift() ?? '';
    if (word === '--') {
      rest.push(...queue);
      break;
    }
    if (word.startsWith('--')) {
      const [name = '', value] = word.slice(2).split(/=(.*)/s);
      const letter = long[name];
      if (letter === undefined) throw new OptionError(`unrecognized option '--${name}'`);
      if (takesValue(letter)) give(letter, value ?? queue.shift() ?? '');
      else flags.add(letter);
    } else if (word.startsWith('-') && word !== '-') {
      for (let i = 1; i < word.length; i += 1) {
        const letter = word.charAt(i);
        if (!known.includes(letter) || letter === ':') throw new OptionError(`invalid option -- '${letter}'`);
        if (!takesValue(letter)) flags.add(letter);
        else {
          const value = word.slice(i + 1) || queue.shift();
          if (value === undefined) throw new OptionError(`option requires an argument -- '${letter}'`);
          give(letter, value);
          break;
        }
      }
    } else {
      rest.push(word);
      if (known.startsWith('+')) rest.push(...queue.splice(0));
    }
  }
  return {
    flags,
    values: new Map([...values].map(([k, v]) => [k, v.at(-1) ?? ''])),
    all: (name) => values.get(name) ?? [],
    rest,
  };
}
