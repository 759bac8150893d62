import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readAll, ToolError } from '../../tool.ts';
import { type InstallProgress, install } from '../installation.ts';
import { istioVersion } from '../manifests/settings.ts';
import { settingsFrom } from '../overrides.ts';
import { type Command, clientOf, type Invocation } from './command.ts';
import { confirmed } from './confirm.ts';

export const installCommand: Command = {
  summary: 'Instala Istio en el clúster, o cambia la instalación',
  flags: {
    'dry-run': { kind: 'bool' },
    filename: { short: 'f', kind: 'list' },
    force: { kind: 'bool' },
    'readiness-timeout': { kind: 'text' },
    revision: { short: 'r', kind: 'text' },
    set: { short: 's', kind: 'list' },
    'skip-confirmation': { short: 'y', kind: 'bool' },
    verify: { kind: 'bool' },
  },
  async run(invocation) {
    const { flags, streams } = invocation;
    streams.stdout.write(sail);
    const files = await Promise.all(flags.list('filename').map((path) => readInput(path, invocation)));
    if (flags.text('revision')) throw new ToolError('el istioctl de Malla solo instala la revisión «default»');
    const settings = settingsFrom(flags.list('set'), files);
    const question = `This will install the Istio ${istioVersion} profile "${settings.profile}" into the cluster. Proceed? (y/N) `;
    if (!flags.bool('skip-confirmation') && !flags.bool('dry-run') && !(await confirmed(question, invocation))) {
      streams.stdout.write('Cancelled.\n');
      return 1;
    }
    if (flags.bool('dry-run')) return 0;
    await install({
      client: clientOf(invocation),
      settings,
      readinessTimeout: duration(flags.text('readiness-timeout') ?? '5m'),
      progress: printer(invocation),
      signal: invocation.signal,
    });
    return 0;
  },
};

export async function readInput(path: string, { streams, cwd }: Invocation): Promise<string> {
  if (path === '-') return readAll(streams.stdin);
  try {
    return await readFile(resolve(cwd, path), 'utf8');
  } catch {
    throw new ToolError(`open ${path}: no such file or directory`);
  }
}

/** On a terminal the line in progress is rewritten; elsewhere each state is a line. */
function printer({ streams: { stdout } }: Invocation): InstallProgress {
  const clear = stdout.isTTY ? '\r\x1b[K' : '';
  return {
    working: (text) => stdout.write(stdout.isTTY ? `${clear}- ${text}` : `- ${text}\n`),
    done: (text) => stdout.write(`${clear}✔ ${text}\n`),
    failed: (text) => stdout.write(`${clear}✘ ${text}\n`),
  };
}

/** Milliseconds of a Go duration such as 300s, 5m0s. */
export function duration(text: string): number {
  const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  if (!/^(\d+(\.\d+)?(ms|h|m|s))+$/.test(text))
    throw new ToolError(`invalid argument "${text}": time: invalid duration`, 64);
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)].reduce(
    (sum, [, n, unit]) => sum + Number(n) * (units[unit ?? ''] ?? 0),
    0,
  );
}

const sail = `          /|
         / |
        /  |\\
       /   | \\
      /    |  \\
     /_____|___\\
    ____________
     \\________/

`;
