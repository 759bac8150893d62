import type { Command } from 'commander';
import type { Lab, Step } from '../../labs/lab.ts';
import { renderTerminal } from '../../labs/terminal.ts';
import { findLab, findStep, loadCourse } from '../course.ts';
import { answerables, nameOf } from '../find-question.ts';
import type { Invocation } from '../host.ts';
import { paintFor } from '../style.ts';
import { authorCommands } from './author.ts';

export function labCommand(program: Command, invocation: Invocation): void {
  const { host } = invocation;
  const command = program
    .command('lab')
    .description('muestra un laboratorio o uno de sus pasos')
    .argument('<LAB>', 'el laboratorio, por ejemplo canary')
    .argument('[PASO]', 'número o nombre del paso')
    .option('--json', 'una línea de JSON')
    .action(async (id: string, stepName: string | undefined, options: { json?: boolean }) => {
      const lab = findLab(await loadCourse(host), id);
      const step = stepName === undefined ? undefined : findStep(lab, stepName);
      if (options.json) {
        host.stdout.write(`${JSON.stringify(step ?? lab)}\n`);
        return;
      }
      const paint = paintFor(host);
      const render = (markdown: string) =>
        renderTerminal(markdown, {
          width: Math.min(host.stdout.columns ?? 100, 100),
          color: host.stdout.isTTY === true && !host.env.NO_COLOR,
        });
      if (step) {
        host.stdout.write(`${paint('bold', step.title)}\n\n${render(step.markdown)}\n${waysToAnswer(lab, step)}`);
        return;
      }
      host.stdout.write(`${paint('bold', lab.title)} ${paint('dim', `· ${lab.minutes} minutos`)}\n\n`);
      host.stdout.write(
        `Al terminar sabrás:\n${lab.objectives.map((o) => `  • ${o}`).join('\n')}\n\n${render(lab.introduction)}\n`,
      );
      host.stdout.write(stepList(lab));
    });
  authorCommands(command, invocation);
}

function waysToAnswer(lab: Lab, step: Step): string {
  const own = answerables(lab).filter((a) => a.step === step.id);
  if (own.length === 0) return '';
  const lines = own.map((asked) =>
    asked.type === 'pregunta'
      ? `  malla responder ${lab.id} ${nameOf(asked)} a     # ${asked.question.text}`
      : `  malla responder ${lab.id} ${nameOf(asked)} TEXTO # ${asked.check.pattern.question}`,
  );
  return `Responde con:\n${lines.join('\n')}\n`;
}

function stepList(lab: Lab): string {
  const lines = lab.steps.map((s, i) => `  ${i + 1}. ${s.title}`);
  return `Pasos (ve cada uno con «malla lab ${lab.id} 1»):\n${lines.join('\n')}\n`;
}
