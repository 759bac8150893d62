// The student's own shell, with the cluster at hand.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import type { Host } from './host.ts';

export interface ShellOptions {
  host: Host;
  /** KUBECONFIG and PATH already set. */
  env: Record<string, string | undefined>;
  folder: string;
  /** Shown in the prompt where the shell allows it. */
  label: string;
}

/** Resolves when the student leaves the shell, whatever its exit code; Ctrl-C belongs to the shell meanwhile. */
export async function openShell({ host, env, folder, label }: ShellOptions): Promise<void> {
  const shell = chooseShell(host.env);
  const scratch = await mkdtemp(join(tmpdir(), 'malla-shell-'));
  try {
    const args = basename(shell) === 'bash' ? ['--rcfile', await bashSettings(scratch, label), '-i'] : [];
    host.holdInterrupts(true);
    await execa(shell, args, {
      cwd: folder,
      env: { ...env, MALLA_LAB: label },
      extendEnv: false,
      stdio: 'inherit',
      reject: false,
    });
  } finally {
    host.holdInterrupts(false);
    await rm(scratch, { recursive: true, force: true });
  }
}

function chooseShell(env: Record<string, string | undefined>): string {
  if (process.platform === 'win32') return env.ComSpec ?? 'cmd.exe';
  return env.SHELL ?? '/bin/sh';
}

/** The student's own settings first; then PATH and KUBECONFIG again, which those settings may have changed. */
async function bashSettings(folder: string, label: string): Promise<string> {
  const file = join(folder, 'bashrc');
  const lines = [
    'malla_path=$PATH; malla_kubeconfig=$KUBECONFIG',
    '[ -f ~/.bashrc ] && . ~/.bashrc',
    'export PATH=$malla_path KUBECONFIG=$malla_kubeconfig',
    `PS1="(malla ${label}) \${PS1:-\\$ }"`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}
