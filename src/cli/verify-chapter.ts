// A chapter has nothing in the cluster: what is verified are the answers to its questions.
import { mallaHome } from '../cluster/home.ts';
import { answeredSteps } from '../labs/answers.ts';
import type { Lab, Step } from '../labs/lab.ts';
import { readAnswers } from './answers-file.ts';
import { exitCodes, type Host } from './host.ts';
import { paintFor } from './style.ts';

/** Writes each step and whether it is done; returns an exit code. */
export async function verifyChapter(lab: Lab, steps: readonly Step[], host: Host, json: boolean): Promise<number> {
  const done = answeredSteps(lab, await readAnswers(mallaHome(host.env), lab.id));
  const states = steps.map((step) => ({ step: step.id, state: done.includes(step.id) ? 'correcto' : 'incorrecto' }));
  const right = states.every((s) => s.state === 'correcto');
  if (json) {
    host.stdout.write(
      `${JSON.stringify({ lab: lab.id, state: right ? 'correcto' : 'incorrecto', steps: states.map((s) => ({ ...s, checks: [] })) })}\n`,
    );
  } else {
    const paint = paintFor(host);
    for (const step of steps) {
      const is = done.includes(step.id);
      const mark = is ? paint('green', '✔') : paint('yellow', '○');
      host.stdout.write(`  ${mark} ${step.title}${is ? '' : ': le faltan respuestas; léelo con '}`);
      host.stdout.write(is ? '\n' : `«malla lab ${lab.id} ${step.id}»\n`);
    }
  }
  return right ? exitCodes.right : exitCodes.wrong;
}
