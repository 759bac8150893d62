// Malla's istioctl: the commands of the course, with the real one's grammar, words and exit codes.
import { ClusterError } from '../../cluster/cluster-error.ts';
import { FlagError, parseFlags } from '../flags.ts';
import { type ToolContext, ToolError } from '../tool.ts';
import { analyzeCommand } from './commands/analyze.ts';
import { type Command, globalFlags, type Invocation } from './commands/command.ts';
import { installCommand } from './commands/install.ts';
import { kubeInjectCommand } from './commands/kube-inject.ts';
import { proxyConfigCommand, proxyStatusCommand } from './commands/proxy.ts';
import { uninstallCommand } from './commands/uninstall.ts';
import { verifyInstallCommand } from './commands/verify-install.ts';
import { versionCommand } from './commands/version.ts';
import { helpOf, overview } from './help.ts';

/** What the real one returns for a call that it cannot read. */
const USAGE = 64;

const commands: Record<string, Command> = {
  analyze: analyzeCommand,
  install: installCommand,
  'kube-inject': kubeInjectCommand,
  'proxy-config': proxyConfigCommand,
  'proxy-status': proxyStatusCommand,
  uninstall: uninstallCommand,
  'verify-install': verifyInstallCommand,
  version: versionCommand,
};
const aliases: Record<string, string> = { apply: 'install', ps: 'proxy-status', pc: 'proxy-config' };

export async function istioctl(argv: string[], context: ToolContext): Promise<number> {
  const { stdout, stderr } = context.streams;
  const at = argv.findIndex((word) => !word.startsWith('-'));
  const name = argv[at] ?? '';
  if (at < 0 || name === 'help' || name === 'options') {
    stdout.write(overview(commands));
    return 0;
  }
  const command = commands[aliases[name] ?? name];
  if (!command) {
    stderr.write(`Error: unknown command "${name}" for "istioctl"\nRun 'istioctl --help' for usage.\n`);
    return USAGE;
  }
  try {
    const words = [...argv.slice(0, at), ...argv.slice(at + 1)];
    const { flags, rest, afterDashes } = parseFlags(words, { ...globalFlags, ...command.flags });
    if (flags.bool('help')) {
      stdout.write(helpOf(name, command));
      return 0;
    }
    const invocation: Invocation = { ...context, flags, args: [...rest, ...(afterDashes ?? [])] };
    return await command.run(invocation);
  } catch (error) {
    if (context.signal.aborted) return 130;
    stderr.write(`Error: ${messageOf(error)}\n`);
    if (error instanceof FlagError) return USAGE;
    return error instanceof ToolError ? error.exitCode : 1;
  }
}

function messageOf(error: unknown): string {
  if (error instanceof ClusterError && error.reason === 'invalid') return error.detail;
  return error instanceof Error ? error.message : String(error);
}
