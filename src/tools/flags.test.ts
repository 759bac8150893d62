import { expect, test } from 'vitest';
import { FlagError, parseFlags } from './flags.ts';

const specs = {
  all: { short: 'A', kind: 'bool' as const },
  follow: { short: 'f', kind: 'bool' as const },
  namespace: { short: 'n', kind: 'text' as const },
  set: { kind: 'list' as const },
  'dry-run': { kind: 'optional' as const, otherwise: 'client' },
};
const parse = (...argv: string[]) => parseFlags(argv, specs);

test.each([[['-n', 'x']], [['-nx']], [['-n=x']], [['--namespace', 'x']], [['--namespace=x']], [['-fAn', 'x']]])(
  '%j is the namespace x',
  (argv) => {
    expect(parse(...argv).flags.text('namespace')).toBe('x');
  },
);

test('flags and arguments may be mixed; after -- all are arguments', () => {
  const { rest, afterDashes, flags } = parse('get', '-A', 'pods', '--', '-n', 'y');
  expect({ rest, afterDashes, all: flags.bool('all'), namespace: flags.text('namespace') }).toEqual({
    rest: ['get', 'pods'],
    afterDashes: ['-n', 'y'],
    all: true,
    namespace: undefined,
  });
});

test('a bool takes its value only after an equals sign', () => {
  const { flags, rest } = parse('--all=false', '--follow', 'false');
  expect([flags.bool('all'), flags.bool('follow'), rest]).toEqual([false, true, ['false']]);
});

test('an optional value has its own default', () => {
  expect([parse('--dry-run').flags.text('dry-run'), parse('--dry-run=server').flags.text('dry-run')]).toEqual([
    'client',
    'server',
  ]);
});

test('lists keep every value, and a value may look like a flag', () => {
  expect(parse('--set', 'a=1', '--set=-b', '--set', '--c').flags.list('set')).toEqual(['a=1', '-b', '--c']);
});

test.each([
  [['--nope'], 'unknown flag: --nope'],
  [['-z'], "unknown shorthand flag: 'z' in -z"],
  [['--namespace'], 'flag needs an argument: --namespace'],
  [['-n'], "flag needs an argument: 'n' in -n"],
])('%j is an error in the words of pflag', (argv, message) => {
  expect(() => parse(...argv)).toThrow(new FlagError(message));
});

test('a lone dash is an argument: standard input', () => {
  expect(parse('-').rest).toEqual(['-']);
});
