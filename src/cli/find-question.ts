// What a student may answer in a lab: questions of its quiz and checks of kind `respuesta`, by name.
import { CodedError } from '../cluster/coded-error.ts';
import { answerKey } from '../labs/answers.ts';
import type { CheckDeclaration, Lab } from '../labs/lab.ts';
import type { Question } from '../labs/question.ts';

export type Answerable =
  | { type: 'pregunta'; step: string; question: Question }
  | { type: 'comprobacion'; step: string; check: CheckDeclaration & { type: 'respuesta' } };

export function answerables(lab: Lab): Answerable[] {
  const quiz = (step: string, questions: readonly Question[]): Answerable[] =>
    questions.map((question) => ({ type: 'pregunta', step, question }));
  return [
    ...quiz('', lab.questions),
    ...lab.steps.flatMap((step) => [
      ...quiz(step.id, step.questions),
      ...step.checks.flatMap((check): Answerable[] =>
        check.type === 'respuesta' ? [{ type: 'comprobacion', step: step.id, check }] : [],
      ),
    ]),
  ];
}

/** `step/name`; of the introduction, `/name`. */
export function nameOf(answerable: Answerable): string {
  return answerKey(answerable.step, idOf(answerable));
}

/** By its whole name, or by its own when no other has it. Throws MALLA-USO-11. */
export function findAnswerable(lab: Lab, name: string): Answerable {
  const all = answerables(lab);
  const found = all.find((a) => nameOf(a) === name);
  const alike = all.filter((a) => idOf(a) === name);
  const [only] = alike;
  if (found) return found;
  if (only && alike.length === 1) return only;
  throw new CodedError({
    code: 'MALLA-USO-11',
    happened:
      alike.length > 1
        ? `En ${lab.id} hay varias preguntas que se llaman «${name}».`
        : `El laboratorio ${lab.id} no tiene la pregunta «${name}».`,
    expected: all.length > 0 ? `Una de estas: ${all.map(nameOf).join(', ')}.` : 'Este laboratorio no pregunta nada.',
    todo: `Escribe «malla lab ${lab.id}» y el paso para leer sus preguntas.`,
  });
}

function idOf(answerable: Answerable): string {
  return answerable.type === 'pregunta' ? answerable.question.id : answerable.check.id;
}
