// One question of a page, whatever it travels by: read, answered, and its failure told as Malla tells failures.
import { CodedError } from '../cluster/coded-error.ts';
import type { ViewProblem, ViewReply } from './protocol.ts';
import { readViewCall } from './read-call.ts';
import type { Views } from './views.ts';

/** Never rejects. */
export async function answerCall(views: Views, value: unknown): Promise<ViewReply> {
  const call = readViewCall(value);
  if (!call) return { id: idOf(value), problem: badQuestion };
  try {
    const answer: (question: never) => Promise<unknown> = views[call.view];
    return { id: call.id, answer: await answer(call.question as never) };
  } catch (error) {
    return { id: call.id, problem: problemOf(error) };
  }
}

function problemOf(error: unknown): ViewProblem {
  if (error instanceof CodedError) {
    const { code, happened, expected, todo } = error;
    return { code, happened, expected, todo };
  }
  return {
    code: 'MALLA-SIS-99',
    happened: `Malla ha fallado: ${error instanceof Error ? error.message : String(error)}`,
    expected: 'Esto no debería ocurrir: es un error de Malla, no tuyo.',
    todo: 'Vuelve a intentarlo; si sigue igual, avisa con este texto.',
  };
}

const badQuestion: ViewProblem = {
  code: 'MALLA-VIS-02',
  happened: 'La página ha preguntado algo que Malla no entiende.',
  expected: 'Una de las preguntas de sus vistas, con todos sus datos.',
  todo: 'Revisa lo que has escrito en el formulario; si está bien, recarga la página.',
};

function idOf(value: unknown): number {
  const id = (value as { id?: unknown } | null)?.id;
  return typeof id === 'number' ? id : 0;
}
