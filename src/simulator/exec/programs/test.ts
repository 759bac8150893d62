// `test` and `[`.
import { resolvePath } from '../files.ts';
import type { Program, ProgramStreams } from '../program.ts';

class Problem extends Error {}

export function test(name: '[' | 'test'): Program {
  return async (argv, streams) => {
    try {
      if (name === '[' && argv.at(-1) !== ']') throw new Problem('missing ]');
      return judge(name === '[' ? argv.slice(0, -1) : argv, streams) ? 0 : 1;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      streams.stderr(`sh: ${error.message}\n`);
      return 2;
    }
  };
}

function judge(words: readonly string[], streams: ProgramStreams): boolean {
  const or = words.indexOf('-o');
  if (or > 0) return judge(words.slice(0, or), streams) || judge(words.slice(or + 1), streams);
  const and = words.indexOf('-a');
  if (and > 0) return judge(words.slice(0, and), streams) && judge(words.slice(and + 1), streams);
  const [first, second, third] = words;
  if (first === '!' && words.length > 1) return !judge(words.slice(1), streams);
  switch (words.length) {
    case 0:
      return false;
    case 1:
      return first !== '';
    case 2:
      return unary(first ?? '', second ?? '', streams);
    case 3:
      return binary(first ?? '', second ?? '', third ?? '');
    default:
      throw new Problem(`${second}: unknown operand`);
  }
}

function unary(operator: string, word: string, { machine, cwd, tty }: ProgramStreams): boolean {
  const path = resolvePath(cwd, word);
  const kind = machine.files.kind(path);
  switch (operator) {
    case '-z':
      return word === '';
    case '-n':
      return word !== '';
    case '-e':
    case '-r':
    case '-w':
      return kind !== undefined;
    case '-f':
      return kind === 'file';
    case '-d':
      return kind === 'folder';
    case '-x':
      return kind === 'folder' || machine.program(word) !== undefined;
    case '-s':
      return kind === 'file' && machine.files.read(path).length > 0;
    case '-t':
      return tty;
    default:
      throw new Problem(`${operator}: unknown operand`);
  }
}

function binary(left: string, operator: string, right: string): boolean {
  const numbers = (): [number, number] => {
    for (const word of [left, right]) if (!/^\s*-?\d+\s*$/.test(word)) throw new Problem(`Illegal number: ${word}`);
    return [Number(left), Number(right)];
  };
  const order = (): number => {
    const [a, b] = numbers();
    return a - b;
  };
  switch (operator) {
    case '=':
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '-eq':
      return order() === 0;
    case '-ne':
      return order() !== 0;
    case '-lt':
      return order() < 0;
    case '-le':
      return order() <= 0;
    case '-gt':
      return order() > 0;
    case '-ge':
      return order() >= 0;
    default:
      throw new Problem(`${operator}: unknown operand`);
  }
}
