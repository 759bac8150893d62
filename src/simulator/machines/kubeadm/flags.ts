// The options of kubeadm's commands.
import { KubeadmError } from './world.ts';

export interface Flags {
  has(name: string): boolean;
  text(name: string): string | undefined;
  list(name: string): string[];
  words: string[];
}

/** `known`: names of options; those that take a value end in `=`. Real options that are not simulated are in `others`. */
export function readFlags(argv: readonly string[], known: readonly string[], others: readonly string[] = []): Flags {
  const values = new Map<string, string[]>();
  const words: string[] = [];
  const queue = [...argv];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (!word.startsWith('-') || word === '-') {
      words.push(word);
      continue;
    }
    const [raw = '', joined] = word.replace(/^--?/, '').split(/=(.*)/s);
    const name = SHORT[raw] ?? raw;
    if (others.includes(name))
      throw new KubeadmError(`--${name} no está entre las opciones de kubeadm que estas máquinas simulan`);
    if (known.includes(`${name}=`)) {
      const value = joined ?? queue.shift();
      if (value === undefined) throw new KubeadmError(`flag needs an argument: --${name}`);
      values.set(name, [...(values.get(name) ?? []), value]);
    } else if (known.includes(name)) values.set(name, [joined ?? 'true']);
    else
      throw new KubeadmError(
        word.startsWith('--') ? `unknown flag: --${name}` : `unknown shorthand flag: '${raw.charAt(0)}' in ${word}`,
      );
  }
  return {
    has: (name) => values.get(name)?.at(-1) === 'true',
    text: (name) => values.get(name)?.at(-1),
    list: (name) => (values.get(name) ?? []).flatMap((v) => v.split(',')),
    words,
  };
}

const SHORT: Record<string, string> = { f: 'force', v: 'v' };
