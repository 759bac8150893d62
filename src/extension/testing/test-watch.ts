// Watch mode: the labs are followed, and each verdict that changes by itself is told as a run of its own. Does not know
// `vscode`.
import { join } from 'node:path';
import type { LabSessions } from '../lab-sessions.ts';
import { type ChosenStep, testId } from './test-ids.ts';
import { outcomeOf } from './test-outcome.ts';
import type { TestReporter } from './test-run.ts';

export interface TestWatchOptions {
  sessions: Pick<LabSessions, 'of' | 'onChange' | 'opened' | 'closed'>;
  chosen: readonly ChosenStep[];
  /** Labs that are followed for this, if nobody did; of the others is told what whoever follows them sees. */
  follow: readonly string[];
  signal: AbortSignal;
  where(): string | undefined;
  /** Opens a run for what has changed. */
  open(): TestReporter & { end(): void };
}

/** Resolves when `signal` comes. */
export async function watchTests({ sessions, chosen, follow, signal, where, open }: TestWatchOptions): Promise<void> {
  if (signal.aborted) return;
  const told = new Map<string, string>();
  const labs = [...new Set(chosen.map(({ lab }) => lab.id))];
  const look = (lab: string): void => {
    const session = sessions.of(lab);
    if (!session) return;
    const folder = where();
    const news = chosen
      .filter((c) => c.lab.id === lab)
      .flatMap(({ step, checks }) =>
        [...checks].flatMap((check) => {
          const { mark, verdict } = session.now.steps[step.id]?.checks[check] ?? {};
          // While it is looked at again its last verdict stays.
          if (!verdict || mark !== verdict.state) return [];
          const id = testId(lab, step.id, check);
          const { milliseconds: _, evidence: __, ...said } = verdict;
          const key = JSON.stringify(said);
          if (told.get(id) === key) return [];
          told.set(id, key);
          return [{ id, outcome: outcomeOf(verdict, folder === undefined ? undefined : join(folder, lab)) }];
        }),
      );
    if (news.length === 0) return;
    const report = open();
    for (const { id, outcome } of news) report.done(id, outcome);
    report.end();
  };
  const listening = sessions.onChange((session) => {
    if (labs.includes(session.lab.id)) look(session.lab.id);
  });
  for (const lab of follow) sessions.opened(lab);
  for (const lab of labs) look(lab);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  listening.dispose();
  for (const lab of follow) sessions.closed(lab);
}
