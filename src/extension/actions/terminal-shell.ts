// How a shell must be started so that KUBECONFIG and PATH are Malla's even when the student's own settings change them.
// It matters: with somebody else's KUBECONFIG the commands of a lab would change somebody else's cluster.
import { basename, join } from 'node:path';
import { shellKind } from './shell-line.ts';

export interface ShellStart {
  args: string[];
  env: Record<string, string>;
  /** Files to write before the start, by absolute path. */
  files: Record<string, string>;
}

/** `scratch` is a folder of Malla's own. Shells that are not known get the environment only. */
export function shellStart(shell: string, env: Record<string, string>, scratch: string): ShellStart {
  const name = basename(shell.replaceAll('\\', '/')).replace(/\.exe$/i, '');
  if (name === 'bash') return bash(env, scratch);
  if (name === 'zsh') return zsh(env, scratch);
  if (name === 'fish') {
    return { args: ['--init-command', exports(env, (n, v) => `set -gx ${n} ${posixQuote(v)}`, '; ')], env, files: {} };
  }
  if (shellKind(shell) === 'powershell') {
    const lines = exports(env, (n, v) => `$env:${n} = '${v.replaceAll("'", "''")}'`, '; ');
    return { args: ['-NoLogo', '-NoExit', '-Command', lines], env, files: {} };
  }
  return { args: [], env, files: {} };
}

/** Whether a terminal has Malla's own console instead of the student's shell: where that could not read a lab's command. */
export function wantsOwnConsole(wanted: 'auto' | 'sistema' | 'malla', shell: string): boolean {
  if (wanted !== 'auto') return wanted === 'malla';
  return shell === '' || shellKind(shell) === 'cmd';
}

function bash(env: Record<string, string>, scratch: string): ShellStart {
  const file = join(scratch, 'bashrc');
  return {
    args: ['--rcfile', file, '-i'],
    env,
    files: { [file]: `[ -f ~/.bashrc ] && . ~/.bashrc\n${posixExports(env)}\n` },
  };
}

function zsh(env: Record<string, string>, scratch: string): ShellStart {
  const folder = join(scratch, 'zsh');
  // The student's own ZDOTDIR comes back before their settings are read.
  const own = (file: string): string =>
    `ZDOTDIR=\${MALLA_ZDOTDIR:-$HOME}\n[ -f "$ZDOTDIR/${file}" ] && . "$ZDOTDIR/${file}"\n`;
  return {
    args: ['-i'],
    env: { ...env, ZDOTDIR: folder },
    files: {
      [join(folder, '.zshenv')]: `${own('.zshenv')}MALLA_ZDOTDIR=$ZDOTDIR\nZDOTDIR=${posixQuote(folder)}\n`,
      [join(folder, '.zshrc')]: `${own('.zshrc')}${posixExports(env)}\nunset MALLA_ZDOTDIR\n`,
    },
  };
}

function posixExports(env: Record<string, string>): string {
  return exports(env, (name, value) => `export ${name}=${posixQuote(value)}`, '\n');
}

function exports(env: Record<string, string>, write: (name: string, value: string) => string, by: string): string {
  return Object.entries(env)
    .map(([name, value]) => write(name, value))
    .join(by);
}

function posixQuote(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`;
}
