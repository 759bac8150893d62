// A process of the simulator from its command line to its end. Prints one line of JSON, {"kubeconfig","entry","pid","port"}
// or {"error"}, and goes on without whoever started it.
import nodeModule from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { readArguments } from './arguments.ts';
import { described, type Runnable, runCluster } from './run.ts';
import { asStartError } from './start-error.ts';

const exitCodes = { failed: 1, stopped: 0 };

export async function main(what: Runnable): Promise<void> {
  // Whoever reads the line may be gone before it is written.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  // The terminal that started it may close; the cluster stays.
  process.on('SIGHUP', () => {});

  try {
    const running = await runCluster(readArguments(process.argv.slice(2)), what);
    const survive = (error: unknown): void => running.log(`error: ${described(error)}`);
    process.on('uncaughtException', survive);
    process.on('unhandledRejection', survive);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void running.stop());
    process.stdout.write(`${JSON.stringify(running.ready)}\n`);
    void keepCompiledCode();
    await running.stopped;
    process.exit(exitCodes.stopped);
  } catch (error) {
    const fields = asStartError(error);
    process.stdout.write(`${JSON.stringify({ error: fields })}\n`);
    process.stderr.write(
      `${fields.code}: ${fields.happened}\n  Se esperaba: ${fields.expected}\n  Qué hacer: ${fields.todo}\n`,
    );
    if (fields.code === 'MALLA-SIS-98') process.stderr.write(`${described(error)}\n`);
    process.exitCode = exitCodes.failed;
  }
}

/**
 * Node writes what it has compiled when it ends, which a process that is killed never does: the next one would take a third
 * longer to start. After who waits for the cluster has had a first answer. Does nothing when it was there already.
 */
async function keepCompiledCode(): Promise<void> {
  await wait(20);
  // Not in the Node of every VS Code.
  nodeModule.flushCompileCache?.();
}
