import type { AnswerPattern } from '../../labs/check-kinds/respuesta.ts';
import { judgeAnswer } from '../../labs/same-answer.ts';
import type { CheckKind } from '../check-kind.ts';

/** Looks at what the student has answered, which comes with the context; nothing is asked of the cluster. */
export const respuesta: CheckKind<'respuesta'> = {
  looksAt: 'resources',
  expects: ({ pattern }) => expectation(pattern),
  async observe({ pattern }, { answer }) {
    const judged = answer === undefined ? undefined : judgeAnswer(pattern, answer);
    return {
      expected: expectation(pattern),
      observed: answer === undefined ? 'todavía no has contestado' : `has contestado «${shortened(answer)}»`,
      evidence: {},
      ...(judged === 'bien' ? {} : { symptom: { type: 'respuesta', pattern, answer, judged } }),
    };
  },
  watches: () => [],
};

/** The question, never what is right. */
function expectation({ question }: AnswerPattern): string {
  return `una respuesta correcta a «${question}»`;
}

function shortened(answer: string): string {
  return answer.length > 80 ? `${answer.slice(0, 79)}…` : answer;
}
