// A chapter of theory in the terminal: its text, and its questions one after another.
import { CodedError } from '../cluster/coded-error.ts';
import { mallaHome } from '../cluster/home.ts';
import { answeredSteps, answerKey } from '../labs/answers.ts';
import type { Lab } from '../labs/lab.ts';
import { isRightChoice } from '../labs/question.ts';
import { renderTerminal } from '../labs/terminal.ts';
import { readAnswers } from './answers-file.ts';
import { answerQuestion, describeAnswered } from './commands/answer.ts';
import type { Host } from './host.ts';
import { paintFor } from './style.ts';

/** True when every step ended done; false when the student left before, with an empty answer. */
export async function readChapter(lab: Lab, host: Host, ask: (question: string) => Promise<string>): Promise<boolean> {
  const paint = paintFor(host);
  const home = mallaHome(host.env);
  const render = (markdown: string): string =>
    renderTerminal(markdown, { width: Math.min(host.stdout.columns ?? 100, 100), color: !host.env.NO_COLOR });
  host.stdout.write(`\n${paint('bold', lab.title)} ${paint('dim', `· ${lab.minutes} minutos`)}\n\n`);
  host.stdout.write(render(lab.introduction));
  for (const step of lab.steps) {
    host.stdout.write(`\n${paint('bold', `── ${step.title} ──`)}\n\n${render(step.markdown)}`);
    for (const question of step.questions) {
      const key = answerKey(step.id, question.id);
      for (;;) {
        const { questions } = await readAnswers(home, lab.id);
        if (isRightChoice(question, questions[key] ?? [])) break;
        const typed = (await ask(`${question.text} [letra, o Intro para dejarlo] `)).trim();
        if (typed === '') return false;
        try {
          const asked = { type: 'pregunta', step: step.id, question } as const;
          host.stdout.write(describeAnswered(await answerQuestion(host, lab, asked, typed), host));
        } catch (error) {
          if (!(error instanceof CodedError)) throw error;
          host.stdout.write(`${error.happened} ${error.expected}\n`);
        }
      }
    }
  }
  return answeredSteps(lab, await readAnswers(home, lab.id)).length === lab.steps.length;
}
