// A lab as it is shown during an exam: without what the exam keeps back.
import type { Lab } from '../../labs/lab.ts';
import { type Exam, withholds } from './exam-state.ts';

export function withoutHelp(lab: Lab, exam: Exam | undefined): Lab {
  const [hints, solutions] = [withholds(exam, lab.id, 'hints'), withholds(exam, lab.id, 'solutions')];
  if (!hints && !solutions) return lab;
  return {
    ...lab,
    steps: lab.steps.map((step) => ({
      ...step,
      ...(hints ? { hints: [] } : {}),
      ...(solutions ? { solution: [], solutionMarkdown: '' } : {}),
    })),
  };
}
