// The `malla` command: a function of arguments and host that returns an exit code.
import { Command, CommanderError } from 'commander';
import { CodedError } from '../cluster/coded-error.ts';
import { answerCommand } from './commands/answer.ts';
import { bundleCommand } from './commands/bundle.ts';
import { classroomCommand } from './commands/classroom.ts';
import { cleanCommand } from './commands/clean.ts';
import { clusterCommand } from './commands/cluster.ts';
import { consoleCommand } from './commands/console.ts';
import { examCommand } from './commands/exam.ts';
import { factsCommand } from './commands/facts.ts';
import { followCommand } from './commands/follow.ts';
import { gradeCommand } from './commands/grade.ts';
import { guideCommand } from './commands/guide.ts';
import { handInCommand } from './commands/hand-in.ts';
import { inventoryCommand } from './commands/inventory.ts';
import { istioCommand } from './commands/istio.ts';
import { kindCommand } from './commands/kind.ts';
import { kubeadmCommand } from './commands/kubeadm.ts';
import { kubeconfigCommand } from './commands/kubeconfig.ts';
import { labCommand } from './commands/lab.ts';
import { labsCommand } from './commands/labs.ts';
import { measureCommand } from './commands/measure.ts';
import { panelCommand } from './commands/panel.ts';
import { seedCommand } from './commands/seed.ts';
import { solveCommand } from './commands/solve.ts';
import { sshCommand } from './commands/ssh.ts';
import { toolCommands } from './commands/tools.ts';
import { trafficCommand } from './commands/traffic.ts';
import { verifyCommand } from './commands/verify.ts';
import { exitCodes, type Host, type Invocation } from './host.ts';
import { heedKubeconfigOption } from './place.ts';
import { spanishHelp, usageMessage } from './usage.ts';

/** Never throws: what goes wrong is printed, in Spanish and with its code, and becomes the exit code. */
export async function malla(argv: readonly string[], outer: Host): Promise<number> {
  // A copy: what this call puts in its environment is not of the process.
  const host: Host = { ...outer, env: { ...outer.env } };
  let exitCode: number = exitCodes.right;
  const program = spanishHelp(new Command('malla'), host)
    .description('Aprende service mesh con laboratorios que se verifican solos.')
    .usage('[verbo] [opciones]');
  const invocation: Invocation = {
    host,
    exit(code) {
      exitCode = code;
    },
  };
  for (const add of [
    guideCommand,
    labsCommand,
    labCommand,
    verifyCommand,
    answerCommand,
    solveCommand,
    gradeCommand,
    examCommand,
    handInCommand,
    followCommand,
    trafficCommand,
    clusterCommand,
    kindCommand,
    cleanCommand,
    kubeconfigCommand,
    istioCommand,
    bundleCommand,
    kubeadmCommand,
    classroomCommand,
    panelCommand,
    factsCommand,
    inventoryCommand,
    measureCommand,
    sshCommand,
    consoleCommand,
    toolCommands,
    seedCommand,
    heedKubeconfigOption,
  ]) {
    add(program, invocation);
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, argv, host);
  }
}

function explain(error: unknown, argv: readonly string[], host: Host): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.right;
    host.stderr.write(`${usageMessage(error)}\n`);
    return exitCodes.usage;
  }
  if (host.signal.aborted) return exitCodes.interrupted;
  const coded =
    error instanceof CodedError
      ? error
      : new CodedError({
          code: 'MALLA-SIS-99',
          happened: `Malla ha fallado: ${error instanceof Error ? error.message : String(error)}`,
          expected: 'Esto no debería ocurrir: es un error de Malla, no tuyo.',
          todo: 'Repite la orden; si vuelve a pasar, avisa con este texto y lo que estabas haciendo.',
        });
  if (argv.includes('--json')) {
    const { code, happened, expected, todo } = coded;
    host.stdout.write(`${JSON.stringify({ error: { code, happened, expected, todo } })}\n`);
  } else {
    host.stderr.write(
      `${coded.code}: ${coded.happened}\n  Se esperaba: ${coded.expected}\n  Qué hacer: ${coded.todo}\n`,
    );
  }
  return coded.code.startsWith('MALLA-USO-') ? exitCodes.usage : exitCodes.unavailable;
}
