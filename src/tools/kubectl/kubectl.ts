// Malla's kubectl: the commands of the course, with the real one's grammar, output and exit codes.
import { ClusterError } from '../../cluster/cluster-error.ts';
import { FlagError, parseFlags } from '../flags.ts';
import { type ToolContext, ToolError } from '../tool.ts';
import { apiResourcesCommand } from './commands/api-resources.ts';
import { applyCommand } from './commands/apply.ts';
import { authCommand } from './commands/auth.ts';
import { clusterInfoCommand } from './commands/cluster-info.ts';
import { configCommand } from './commands/config.ts';
import { createCommand } from './commands/create.ts';
import { deleteCommand } from './commands/delete.ts';
import { describeCommand } from './commands/describe.ts';
import { editCommand } from './commands/edit.ts';
import { execCommand } from './commands/exec.ts';
import { explainCommand } from './commands/explain.ts';
import { exposeCommand } from './commands/expose.ts';
import { getCommand } from './commands/get.ts';
import { annotateCommand, labelCommand } from './commands/label.ts';
import { logsCommand } from './commands/logs.ts';
import { patchCommand } from './commands/patch.ts';
import { portForwardCommand } from './commands/port-forward.ts';
import { rolloutCommand } from './commands/rollout.ts';
import { scaleCommand } from './commands/scale.ts';
import { setCommand } from './commands/set.ts';
import { taintCommand } from './commands/taint.ts';
import { topCommand } from './commands/top.ts';
import { versionCommand } from './commands/version.ts';
import { waitCommand } from './commands/wait.ts';
import { helpOf, overview } from './help.ts';
import { type Command, globalFlags, openSession } from './session.ts';
import { StatusError } from './status-error.ts';

const commands: Record<string, Command> = {
  annotate: annotateCommand,
  'api-resources': apiResourcesCommand,
  apply: applyCommand,
  auth: authCommand,
  'cluster-info': clusterInfoCommand,
  config: configCommand,
  create: createCommand,
  delete: deleteCommand,
  describe: describeCommand,
  edit: editCommand,
  exec: execCommand,
  explain: explainCommand,
  expose: exposeCommand,
  get: getCommand,
  label: labelCommand,
  logs: logsCommand,
  patch: patchCommand,
  'port-forward': portForwardCommand,
  rollout: rolloutCommand,
  scale: scaleCommand,
  set: setCommand,
  taint: taintCommand,
  top: topCommand,
  version: versionCommand,
  wait: waitCommand,
};
const aliases: Record<string, string> = { log: 'logs' };

export async function kubectl(argv: string[], context: ToolContext): Promise<number> {
  const { stdout, stderr } = context.streams;
  const { before, name, after } = splitCommand(argv);
  if (name === undefined || name === 'help') {
    stdout.write(overview(commands));
    return 0;
  }
  const command = commands[aliases[name] ?? name];
  if (!command) {
    stderr.write(`error: unknown command "${name}" for "kubectl"\n`);
    return 1;
  }
  try {
    const specs = { ...globalFlags, ...command.flags };
    const { flags, rest, afterDashes } = parseFlags([...before, ...after], specs);
    if (flags.bool('help')) {
      stdout.write(helpOf(name, command));
      return 0;
    }
    return await command.run(openSession(context, flags, rest, afterDashes));
  } catch (error) {
    if (context.signal.aborted) return 130;
    stderr.write(`${messageOf(error, name)}\n`);
    return error instanceof ToolError ? error.exitCode : 1;
  }
}

/** The first word that is neither a flag nor a flag's value. */
function splitCommand(argv: string[]): { before: string[]; name: string | undefined; after: string[] } {
  const takesValue = new Set(['-n', '--namespace', '--context', '--kubeconfig', '-v', '--v', '--request-timeout']);
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (takesValue.has(word)) at += 1;
    else if (!word.startsWith('-')) return { before: argv.slice(0, at), name: word, after: argv.slice(at + 1) };
  }
  return { before: argv, name: undefined, after: [] };
}

function messageOf(error: unknown, name: string): string {
  if (error instanceof StatusError) return error.describe();
  if (error instanceof FlagError) return `error: ${error.message}\nSee 'kubectl ${name} --help' for usage.`;
  if (error instanceof ClusterError) return `error: ${error.detail}`;
  return error instanceof Error ? error.message : String(error);
}
