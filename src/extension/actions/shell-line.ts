// A command of a lab as a line that the student's shell reads as the same words.
import { basename } from 'node:path/posix';

/** `malla`: Malla's own console. */
export type ShellKind = 'posix' | 'fish' | 'powershell' | 'cmd' | 'malla';

export function shellKind(shell: string): ShellKind {
  const name = basename(shell.replaceAll('\\', '/'))
    .toLowerCase()
    .replace(/\.exe$/, '');
  if (name === 'fish') return 'fish';
  if (name === 'pwsh' || name === 'powershell') return 'powershell';
  return name === 'cmd' ? 'cmd' : 'posix';
}

export function shellLine(argv: readonly string[], kind: ShellKind): string {
  return argv.map((word) => (plain.test(word) ? word : quote[kind](word))).join(' ');
}

/** Words that no shell touches. `@`, `{` and `,` mean something in PowerShell, `%` in cmd, `~` at a word's start. */
const plain = /^[\w./:=+-]+$/;

const quote: Record<ShellKind, (word: string) => string> = {
  posix: (word) => `'${word.replaceAll("'", `'\\''`)}'`,
  fish: (word) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", `\\'`)}'`,
  powershell: (word) => `'${word.replaceAll("'", "''")}'`,
  malla: (word) => (word.includes("'") ? `"${word}"` : `'${word}'`),
  // Inside double quotes cmd still expands %NAME%; a caret outside them is the only way to keep a percent sign.
  cmd: (word) => `"${word.replaceAll('"', '\\"').replaceAll('%', '"^%"')}"`,
};
