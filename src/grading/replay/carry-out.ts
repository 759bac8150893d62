// Does what a lab's own text says with Malla's own tools, in this process: no program of the machine is ever run.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { answerKey } from '../../labs/answers.ts';
import type { Action } from '../../labs/lab.ts';
import { runTool, type ToolRun } from '../../tools/run-tool.ts';
import { tools } from '../../tools/tools.ts';

export interface CarryOutOptions {
  /** The lab's folder: files go here and commands run here. */
  folder: string;
  env: Record<string, string>;
  signal: AbortSignal;
}

export interface CarriedOut {
  /** Spanish: the command that failed and what it wrote; undefined when all went well. */
  failure?: string;
  /** What the actions answered, by `step/check`. */
  answers: Record<string, string>;
}

/** Whoever types is not as quick as a program: what one command sets going is there when the next comes. Milliseconds. */
const betweenCommands = 1_000;

/** In order, up to the first that fails. Commands of machines (`malla ssh`) are no part of a cluster and count as failed. */
export async function carryOut(actions: readonly Action[], options: CarryOutOptions): Promise<CarriedOut> {
  const answers: Record<string, string> = {};
  await mkdir(options.folder, { recursive: true });
  for (const action of actions) {
    options.signal.throwIfAborted();
    if (action.type === 'answer') answers[answerKey(action.step, action.check)] = action.text;
    else if (action.type === 'file') {
      const path = join(options.folder, action.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, action.content);
    } else {
      const { exitCode, output } = await runOwn(action.argv, options);
      if (exitCode !== 0) return { failure: `${action.argv.join(' ')}: ${output}`, answers };
      await wait(betweenCommands);
    }
  }
  return { answers };
}

function runOwn([program, ...args]: readonly string[], { folder, env, signal }: CarryOutOptions): Promise<ToolRun> {
  const tool = program === 'kubectl' || program === 'istioctl' || program === 'curl' ? tools[program] : undefined;
  if (!tool) return Promise.resolve({ exitCode: 127, output: `aquí no hay ${program}` });
  return runTool(tool, args, { folder, env, signal });
}
