// A process of the simulator from its command line to its end. Prints one line of JSON, {"kubeconfig","entry","pid","port"}
// or {"error"}, and goes on without whoever started it.
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
