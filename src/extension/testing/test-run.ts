// A run of tests: verifies the chosen steps one after another by the same way as the panel, and tells each result to a
// reporter. Does not know `vscode`.
import { join } from 'node:path';
import type { Verdict } from '../../checks/verdict.ts';
import type { LabSession } from '../cluster/lab-session.ts';
import { isPassed } from '../cluster/lab-state.ts';
import { t } from '../l10n.ts';
import type { LabSessions } from '../lab-sessions.ts';
import { type ChosenStep, testId } from './test-ids.ts';
import { outcomeOf, type TestOutcome } from './test-outcome.ts';

export interface TestReporter {
  started(id: string): void;
  done(id: string, outcome: TestOutcome): void;
  /** It was not looked at, or it does not count. */
  skipped(id: string, why: string): void;
}

export interface TestRunOptions {
  sessions: Pick<LabSessions, 'of' | 'opened' | 'closed'>;
  chosen: readonly ChosenStep[];
  report: TestReporter;
  signal: AbortSignal;
  /** The folder under which each lab has its own, when there is one. */
  where(): string | undefined;
}

/** Never rejects. A run that is cancelled leaves the rest skipped. */
export async function runTests({ sessions, chosen, report, signal, where }: TestRunOptions): Promise<void> {
  for (const lab of new Set(chosen.map((c) => c.lab))) {
    const session = sessions.of(lab.id);
    const steps = chosen.filter((c) => c.lab === lab);
    if (!session) continue;
    sessions.opened(lab.id);
    try {
      await runLab(session, steps, { report, signal, where });
    } finally {
      sessions.closed(lab.id);
    }
  }
}

interface StepResult {
  step: ChosenStep;
  /** It had been right before this run. */
  rightBefore: boolean;
  verdicts: readonly Verdict[];
}

async function runLab(
  session: LabSession,
  steps: readonly ChosenStep[],
  { report, signal, where }: Pick<TestRunOptions, 'report' | 'signal' | 'where'>,
): Promise<void> {
  const folder = where();
  const labFolder = folder === undefined ? undefined : join(folder, session.lab.id);
  const tell = ({ step: { lab, step, checks }, verdicts }: StepResult): void => {
    for (const check of checks) {
      const id = testId(lab.id, step.id, check);
      const verdict = verdicts.find((v) => v.check === check);
      report.done(id, verdict ? outcomeOf(verdict, labFolder) : unanswered(session));
    }
  };
  /** Wrong now and right before: told once it is known whether a later step has changed it, which is no mistake. */
  const held: StepResult[] = [];
  const before = session.now.steps;
  for (const chosen of steps) {
    const ids = [...chosen.checks].map((check) => testId(chosen.lab.id, chosen.step.id, check));
    for (const id of ids) signal.aborted ? report.skipped(id, cancelled()) : report.started(id);
    if (signal.aborted) continue;
    const verdicts = await session.judge(chosen.step.id, signal);
    if (signal.aborted) {
      for (const id of ids) report.skipped(id, cancelled());
      continue;
    }
    const right = verdicts.length > 0 && verdicts.every((v) => v.state === 'correcto');
    const result = { step: chosen, rightBefore: isPassed(before[chosen.step.id]?.mark ?? 'pendiente'), verdicts };
    if (right) {
      for (const old of held.splice(0))
        for (const check of old.step.checks)
          report.skipped(testId(old.step.lab.id, old.step.step.id, check), overtaken());
      tell(result);
    } else if (result.rightBefore && verdicts.length > 0 && chosen !== steps.at(-1)) held.push(result);
    else tell(result);
  }
  for (const result of held) tell(result);
}

const cancelled = (): string => t('Cancelado antes de terminar');
const overtaken = (): string => t('Ya lo tuviste bien, y un paso posterior lo ha cambiado');

/** Nobody could look: the program that watches says why. */
function unanswered({ now: { problem } }: LabSession): TestOutcome {
  const why = problem
    ? `${problem.code}: ${problem.happened}. ${problem.todo}`
    : t('El programa de Malla no ha contestado.');
  return { state: 'errored', message: why.replaceAll('.. ', '. '), milliseconds: 0 };
}
