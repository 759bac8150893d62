// Malla's istioctl: the commands of the course, with the real one's grammar, words and exit codes.
import { ClusterError } from '../../cluster/cluster-error.ts';
import { FlagError, parseFlags } from '../flags.ts';
import { type ToolContext, ToolError } from '../tool.ts';
import { adminCommand } from './commands/admin.ts';
import { analyzeCommand } from './commands/analyze.ts';
import { authzCommand } from './commands/authz.ts';
import { type Command, globalFlags, type Invocation } from './commands/command.ts';
import { dashboardCommand } from './commands/dashboard.ts';
import { describeCommand } from './commands/describe.ts';
import { installCommand } from './commands/install.ts';
import { kubeInjectCommand } from './commands/kube-inject.ts';
import { precheckCommand } from './commands/precheck.ts';
import { proxyConfigCommand } from './commands/proxy-config.ts';
import { proxyStatusCommand } from './commands/proxy-status.ts';
import { tagCommand } from './commands/tag.ts';
import { uninstallCommand } from './commands/uninstall.ts';
import { validateCommand } from './commands/validate.ts';
import { verifyInstallCommand } from './commands/verify-install.ts';
import { versionCommand } from './commands/version.ts';
import { helpOf, overview } from './help.ts';

/** What the real one returns for a call that it cannot read. */
const USAGE = 64;

const commands: Record<string, Command> = {
  admin: adminCommand,
  analyze: analyzeCommand,
  dashboard: dashboardCommand,
  install: installCommand,
  'kube-inject': kubeInjectCommand,
  'proxy-config': proxyConfigCommand,
  'proxy-status': proxyStatusCommand,
  tag: tagCommand,
  uninstall: uninstallCommand,
  validate: validateCommand,
  'verify-install': verifyInstallCommand,
  version: versionCommand,
};
/** After `experimental`. */
const experimental: Record<string, Command> = {
  authz: authzCommand,
  describe: describeCommand,
  precheck: precheckCommand,
  'proxy-status': proxyStatusCommand,
  version: versionCommand,
};
const aliases: Record<string, string> = {
  apply: 'install',
  d: 'dashboard',
  dash: 'dashboard',
  des: 'describe',
  exp: 'experimental',
  pc: 'proxy-config',
  ps: 'proxy-status',
  v: 'validate',
  x: 'experimental',
};

export async function istioctl(argv: string[], context: ToolContext): Promise<number> {
  const { stdout, stderr } = context.streams;
  const at = argv.findIndex((word) => !word.startsWith('-'));
  const name = argv[at] ?? '';
  if (at < 0 || name === 'help' || name === 'options') {
    stdout.write(overview(commands));
    return 0;
  }
  const words = [...argv.slice(0, at), ...argv.slice(at + 1)];
  const command =
    aliases[name] === 'experimental' || name === 'experimental' ? takeExperimental(words) : find(commands, name);
  if (!command) {
    stderr.write(`Error: unknown command "${name}" for "istioctl"\nRun 'istioctl --help' for usage.\n`);
    return USAGE;
  }
  try {
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

function find(all: Record<string, Command>, name: string): Command | undefined {
  const full = aliases[name] ?? name;
  return Object.hasOwn(all, full) ? all[full] : undefined;
}

/** Takes the command's own name out of the words. */
function takeExperimental(words: string[]): Command | undefined {
  const at = words.findIndex((word) => !word.startsWith('-'));
  const [name = ''] = at < 0 ? [] : words.splice(at, 1);
  return find(experimental, name);
}

function messageOf(error: unknown): string {
  if (error instanceof ClusterError && error.reason === 'invalid') return error.detail;
  return error instanceof Error ? error.message : String(error);
}
