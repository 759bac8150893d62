// What replay says of a hand-in, as far as a mark depends on it.
import type { Graded, GradedCheck, GradedLab, GradedStep } from '../replay/graded.ts';
import type { Rubric } from '../rubric/rubric.ts';
import type { Attempt, LabWork, PieceState } from '../rubric/work.ts';

/** Undefined for one of which nothing was replayed, or that does not say when it was made. */
export function attemptOf(graded: Graded, rubric: Rubric): Attempt | undefined {
  if (graded.outcome === 'rechazada' || graded.at === undefined) return undefined;
  return {
    id: graded.sha256 || graded.submission,
    handedIn: graded.at,
    labs: Object.fromEntries(graded.labs.map((lab) => [lab.lab, workOf(graded, lab, rubric)])),
  };
}

function workOf(graded: Graded, lab: GradedLab, rubric: Rubric): LabWork {
  const checks = lab.steps.flatMap((step) =>
    step.checks.flatMap((check) => {
      const state = stateOfCheck(graded, lab, step, check, rubric);
      return state === 'falta' ? [] : [[`${step.step}/${check.check}`, state] as const];
    }),
  );
  const questions = lab.questions.map((q) => [`${q.step}/${q.question}`, q.right] as const);
  return { checks: Object.fromEntries(checks), questions: Object.fromEntries(questions) };
}

/** What it lacks is the student's to hand in: without this, leaving out what is wrong would be worth marks. */
const notDone = ['MALLA-ENT-15', 'MALLA-ENT-34'];

/**
 * The replay's verdict. Where there is none: what was refused for what the hand-in holds counts as not handed in; what this
 * machine cannot replay (a lab of machines, of a real cluster) is as the rubric says.
 */
export function stateOfCheck(
  { problems }: Pick<Graded, 'problems'>,
  lab: GradedLab,
  step: GradedStep,
  { replayed, claimed }: GradedCheck,
  { repeticion }: Pick<Rubric, 'repeticion'>,
): PieceState {
  const refused = problems.some(
    (p) => p.severity === 'rechazo' && p.lab === lab.lab && (p.step === undefined || p.step === step.step),
  );
  if (refused) return 'falta';
  if (replayed) return replayed.state;
  // What could not be judged where the student works is no fault of theirs.
  if (step.notReplayed === 'MALLA-ENT-46') return 'no verificable';
  if (!claimed || step.notReplayed === undefined || notDone.includes(step.notReplayed)) return 'falta';
  return repeticion.imposible === 'declarado' ? claimed.state : 'no verificable';
}
