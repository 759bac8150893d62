import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { shellStart, wantsOwnConsole } from './terminal-shell.ts';

let scratch = '';
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "malla-shell's-"));
});
afterEach(() => rmSync(scratch, { recursive: true }));
const env = { KUBECONFIG: "/home/o'neil/kubeconfig", PATH: '/malla/bin:/usr/bin:/bin' };

test("bash keeps Malla's KUBECONFIG and PATH although the student's settings change them, and keeps the rest", () => {
  const home = join(scratch, 'home');
  mkdirSync(home);
  writeFileSync(join(home, '.bashrc'), 'export KUBECONFIG=/real/cluster PATH=/other:$PATH\nMINE=yes\n');
  const start = shellStart('/bin/bash', env, join(scratch, 'malla'));
  for (const [path, content] of Object.entries(start.files)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  const { stdout } = spawnSync('bash', start.args, {
    env: { ...start.env, HOME: home },
    input: 'echo "$KUBECONFIG|$PATH|$MINE"\nexit\n',
    encoding: 'utf8',
  });
  expect(stdout).toContain(`${env.KUBECONFIG}|${env.PATH}|yes`);
});

test('zsh starts from a folder of its own that ends by setting them', () => {
  const start = shellStart('/bin/zsh', env, scratch);
  const folder = start.env.ZDOTDIR ?? '';
  expect(start.files[join(folder, '.zshrc')]).toMatch(/\.zshrc"[\s\S]*export KUBECONFIG=/);
});

test('fish and PowerShell set them after the settings', () => {
  expect(shellStart('/usr/bin/fish', { A: 'b' }, scratch).args).toEqual(['--init-command', "set -gx A 'b'"]);
  expect(shellStart('pwsh.exe', { A: "b'c" }, scratch).args.at(-1)).toBe("$env:A = 'b''c'");
});

test('a shell that is not known gets the environment only', () => {
  expect(shellStart('/bin/dash', env, scratch)).toEqual({ args: [], env, files: {} });
});

test("Malla's own console is for who has no shell that reads the commands, and for who wants it", () => {
  expect(wantsOwnConsole('auto', 'C:\\Windows\\System32\\cmd.exe')).toBe(true);
  expect(wantsOwnConsole('auto', '')).toBe(true);
  expect(wantsOwnConsole('auto', '/bin/zsh')).toBe(false);
  expect(wantsOwnConsole('auto', 'pwsh.exe')).toBe(false);
  expect(wantsOwnConsole('malla', '/bin/bash')).toBe(true);
  expect(wantsOwnConsole('sistema', '')).toBe(false);
});
