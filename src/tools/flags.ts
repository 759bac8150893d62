// Flags as kubectl, istioctl and curl write them: `--name=value`, `--name value`, `-n value`, `-nvalue`, `-abc`.

export interface FlagSpec {
  short?: string;
  /** `bool` takes a value only after `=`; `optional` too, and is `otherwise` without one. */
  kind: 'bool' | 'text' | 'list' | 'count' | 'optional';
  otherwise?: string;
}

export type FlagSpecs = Record<string, FlagSpec>;

export class FlagError extends Error {}

export interface Parsed {
  /** What is not a flag, in order. */
  rest: string[];
  /** What came after `--`; undefined without one. */
  afterDashes: string[] | undefined;
  flags: Flags;
}

export class Flags {
  readonly #values = new Map<string, string[]>();

  add(name: string, value: string): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  /** Undefined when the flag was not given. */
  bool(name: string): boolean | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : value !== 'false' && value !== '0';
  }

  list(name: string): string[] {
    return this.#values.get(name) ?? [];
  }
}

/** Throws FlagError, worded as Go's pflag does. */
export function parseFlags(argv: readonly string[], specs: FlagSpecs): Parsed {
  const byShort = new Map(
    Object.entries(specs).flatMap(([name, s]) => (s.short ? [[s.short, name]] : [])) as [string, string][],
  );
  const flags = new Flags();
  const rest: string[] = [];
  const queue = [...argv];
  const valueFor = (shown: string): string => {
    const value = queue.shift();
    if (value === undefined) throw new FlagError(`flag needs an argument: ${shown}`);
    return value;
  };
  while (queue.length > 0) {
    const word = queue.shift() ?? '';
    if (word === '--') return { rest, afterDashes: queue, flags };
    if (word.startsWith('--')) readLong(word);
    else if (word.startsWith('-') && word !== '-') readShort(word);
    else rest.push(word);
  }
  return { rest, afterDashes: undefined, flags };

  function readLong(word: string): void {
    const equals = word.indexOf('=');
    const name = word.slice(2, equals < 0 ? undefined : equals);
    const spec = specs[name];
    if (!spec) throw new FlagError(`unknown flag: --${name}`);
    if (equals >= 0) flags.add(name, word.slice(equals + 1));
    else flags.add(name, needsValue(spec) ? valueFor(`--${name}`) : (spec.otherwise ?? 'true'));
  }

  function readShort(word: string): void {
    for (let at = 1; at < word.length; at += 1) {
      const letter = word.charAt(at);
      const name = byShort.get(letter);
      const spec = name === undefined ? undefined : specs[name];
      if (name === undefined || !spec) throw new FlagError(`unknown shorthand flag: '${letter}' in ${word}`);
      const after = word.slice(at + 1);
      if (needsValue(spec)) {
        flags.add(name, after === '' ? valueFor(`'${letter}' in ${word}`) : after.replace(/^=/, ''));
        return;
      }
      if (after.startsWith('=')) {
        flags.add(name, after.slice(1));
        return;
      }
      flags.add(name, spec.otherwise ?? 'true');
    }
  }
}

const needsValue = ({ kind }: FlagSpec) => kind === 'text' || kind === 'list';
