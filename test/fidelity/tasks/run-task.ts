// Runs a task's commands with bash, as a reader of its page would.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Task, TaskResult, TaskStep } from './task.ts';

export interface TaskPlace {
  /** Folder of an unpacked Istio release, with `samples` in it. */
  release: string;
  /** With KUBECONFIG, PATH and the variables that the pages export: GATEWAY_URL, INGRESS_HOST, INGRESS_PORT. */
  env: Record<string, string | undefined>;
}

export async function runTask(task: Task, place: TaskPlace): Promise<TaskResult> {
  const failed: string[] = [];
  try {
    for (const [index, step] of task.steps.entries()) {
      const missing = await runStep(step, task.prelude ?? '', place);
      if (missing) failed.push(`paso ${index + 1}: falta ${missing}`);
    }
  } finally {
    for (const line of task.cleanup) await bash(`${task.prelude ?? ''}\n${line}`, place);
  }
  return { steps: task.steps.length, failed };
}

/** The first expectation that its output does not meet, tried until `within` seconds are over. */
async function runStep(step: TaskStep, prelude: string, place: TaskPlace): Promise<string | undefined> {
  const deadline = Date.now() + (step.within ?? 0) * 1000;
  for (;;) {
    const output = await bash(`${prelude}\n${step.run}`, place);
    const missing = step.expect?.find((pattern) => !new RegExp(pattern, 'm').test(output));
    if (!missing || Date.now() > deadline) return missing;
    await wait(500);
  }
}

/** The pages fetch the key set from the internet; it comes with the samples. */
function fillKeys(script: string, release: string): string {
  if (!script.includes('{{jwks}}')) return script;
  const keys: unknown = JSON.parse(readFileSync(join(release, 'samples/jwt/jwks.json'), 'utf8'));
  return script.replaceAll('{{jwks}}', JSON.stringify(keys));
}

function bash(script: string, { release, env }: TaskPlace): Promise<string> {
  return new Promise((resolve) => {
    const options = { cwd: release, env, timeout: 150_000, maxBuffer: 1e8 };
    execFile('bash', ['-c', fillKeys(script, release)], options, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}
