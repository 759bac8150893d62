// `malla responder`: answers a question of a lab's quiz, or a check that asks for a typed answer. Needs no cluster.
import type { Command } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import { mallaHome } from '../../cluster/home.ts';
import { answerCause } from '../../diagnosis/rules/answer.ts';
import { answeredSteps } from '../../labs/answers.ts';
import type { Lab } from '../../labs/lab.ts';
import { isRightChoice, optionLetter, readLetters } from '../../labs/question.ts';
import { judgeAnswer } from '../../labs/same-answer.ts';
import { renderTerminal } from '../../labs/terminal.ts';
import { readAnswers, recordAnswer, recordChoice } from '../answers-file.ts';
import { findLab, loadCourse } from '../course.ts';
import { type Answerable, findAnswerable, nameOf } from '../find-question.ts';
import { exitCodes, type Host, type Invocation } from '../host.ts';
import { paintFor } from '../style.ts';

export interface Answered {
  lab: string;
  /** `step/name`. */
  question: string;
  right: boolean;
  /** Steps of a chapter whose questions are all answered right. */
  passed: string[];
  /** Spanish, plain text: the explanation of a right answer, or what is wrong. */
  says: string;
}

export function answerCommand(program: Command, { host, exit }: Invocation): void {
  program
    .command('responder')
    .description('responde a una pregunta de un laboratorio')
    .argument('<LAB>', 'el laboratorio')
    .argument('<PREGUNTA>', 'paso/nombre, como lo enseña «malla lab»')
    .argument('<RESPUESTA...>', 'la letra o letras de las opciones, o lo que se pide escribir')
    .option('--json', 'una línea de JSON')
    .action(async (id: string, name: string, words: string[], options: { json?: boolean }) => {
      const lab = findLab(await loadCourse(host), id);
      const answered = await answerQuestion(host, lab, findAnswerable(lab, name), words.join(' '));
      if (options.json) host.stdout.write(`${JSON.stringify(answered)}\n`);
      else host.stdout.write(describeAnswered(answered, host));
      exit(answered.right ? exitCodes.right : exitCodes.wrong);
    });
}

export async function answerQuestion(host: Host, lab: Lab, asked: Answerable, text: string): Promise<Answered> {
  const home = mallaHome(host.env);
  const judged = asked.type === 'pregunta' ? await choose(home, lab, asked, text) : await type(home, lab, asked, text);
  const passed = answeredSteps(lab, await readAnswers(home, lab.id));
  return { lab: lab.id, question: nameOf(asked), ...judged, passed };
}

export function describeAnswered({ right, says }: Answered, host: Host): string {
  const paint = paintFor(host);
  return `${right ? paint('green', '✔ Correcto.') : paint('red', '✘ No es eso.')} ${says}\n`;
}

async function choose(
  home: string,
  lab: Lab,
  { step, question }: Answerable & { type: 'pregunta' },
  text: string,
): Promise<Pick<Answered, 'right' | 'says'>> {
  const chosen = readLetters(question, text);
  if (!chosen) throw badOptions(text, question.options.length);
  await recordChoice(home, { lab: lab.id, step, question: question.id }, chosen);
  const several = question.options.filter((o) => o.right).length > 1;
  if (!isRightChoice(question, chosen)) {
    return {
      right: false,
      says: several ? 'Hay más de una respuesta buena: di todas, y ninguna mala.' : 'Prueba otra.',
    };
  }
  const width = Number.MAX_SAFE_INTEGER;
  return { right: true, says: renderTerminal(question.explanation, { width, color: false }).trim() };
}

async function type(
  home: string,
  lab: Lab,
  { step, check }: Answerable & { type: 'comprobacion' },
  text: string,
): Promise<Pick<Answered, 'right' | 'says'>> {
  await recordAnswer(home, { lab: lab.id, step, check: check.id }, text);
  const judged = judgeAnswer(check.pattern, text);
  if (judged === 'bien') return { right: true, says: check.title };
  const { message, hint } = answerCause({ type: 'respuesta', pattern: check.pattern, answer: text, judged });
  return { right: false, says: `${message}. ${hint}` };
}

function badOptions(text: string, count: number): CodedError {
  const letters = Array.from({ length: count }, (_, i) => optionLetter(i)).join(', ');
  return new CodedError({
    code: 'MALLA-USO-12',
    happened: `«${text.slice(0, 80)}» no nombra ninguna opción.`,
    expected: `Una letra, o varias separadas por comas: ${letters}.`,
    todo: 'Vuelve a leer la pregunta con «malla lab».',
  });
}
