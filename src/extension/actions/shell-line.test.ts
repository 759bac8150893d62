import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { splitWords } from '../../labs/words.ts';
import { shellKind, shellLine } from './shell-line.ts';

test.each([
  ['/bin/bash', 'posix'],
  ['/usr/bin/zsh', 'posix'],
  ['/usr/bin/fish', 'fish'],
  ['C:\\Program Files\\PowerShell\\7\\pwsh.exe', 'powershell'],
  ['C:\\Windows\\System32\\cmd.exe', 'cmd'],
] as const)('%s is %s', (shell, kind) => expect(shellKind(shell)).toBe(kind));

test('plain words are typed as a person would', () => {
  const argv = ['kubectl', 'label', 'namespace', 'default', 'istio-injection=enabled', '-n', 'istio-system'];
  expect(shellLine(argv, 'posix')).toBe(argv.join(' '));
});

test('a POSIX shell reads back the same words', () => {
  const words = ['a b', "it's", '$HOME', '`x`', '"q"', 'a;b', 'a|b', '*', '~', '', '{.items[0]}', 'back\\slash', 'ñ'];
  const line = shellLine(['printf', '%s\\0', ...words], 'posix');
  const { stdout } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
  expect(stdout.split('\0').slice(0, -1)).toEqual(words);
});

test('PowerShell and cmd get their own quotes', () => {
  expect(shellLine(['curl', "it's {x}"], 'powershell')).toBe("curl 'it''s {x}'");
  expect(shellLine(['curl', 'a & b'], 'cmd')).toBe('curl "a & b"');
});

test("Malla's console reads back the same words", () => {
  const words = ['a b', "it's", '$HOME', '{.items[0]}', 'a|b', '', 'ñ'];
  expect(splitWords(shellLine(['kubectl', ...words], 'malla'))).toEqual({ words: ['kubectl', ...words] });
});
