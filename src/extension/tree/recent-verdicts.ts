// The verdicts of the last hours, newest first, kept over a reload. A verdict that says the same as the one before it is no
// news. Does not know `vscode`.
import * as z from 'zod';
import { createEmitter, type Emitter } from '../emitter.ts';
import type { LabSessions } from '../lab-sessions.ts';
import type { Memory } from '../memory.ts';

const recent = z.lazy(() =>
  z.object({
    lab: z.string(),
    step: z.string(),
    check: z.string(),
    state: z.enum(['correcto', 'incorrecto', 'no verificable']),
    observed: z.string(),
    cause: z.object({ code: z.string(), message: z.string() }).optional(),
    /** Milliseconds since 1970. */
    at: z.number(),
  }),
);

export type RecentVerdict = z.infer<typeof recent>;

export interface RecentVerdicts {
  readonly list: readonly RecentVerdict[];
  readonly onChange: Emitter<void>['listen'];
  clear(): void;
  dispose(): void;
}

export interface RecentVerdictsOptions {
  sessions: Pick<LabSessions, 'onChange'>;
  memory: Pick<Memory, 'recall' | 'remember'>;
  /** Milliseconds since 1970. */
  now(): number;
}

const KEPT = 50;
const memoryName = 'verdicts';

export function createRecentVerdicts({ sessions, memory, now }: RecentVerdictsOptions): RecentVerdicts {
  const changes = createEmitter<void>();
  let list = z.array(recent).safeParse(memory.recall(memoryName)).data ?? [];
  const last = new Map<string, string>();
  const keyOf = ({ lab, step, check }: RecentVerdict): string => `${lab}/${step}/${check}`;
  const gist = ({ state, cause }: RecentVerdict): string => JSON.stringify([state, cause?.code, cause?.message]);
  for (const verdict of list.toReversed()) last.set(keyOf(verdict), gist(verdict));

  const become = (next: RecentVerdict[]): void => {
    list = next.slice(0, KEPT);
    void memory.remember(memoryName, list);
    changes.fire();
  };
  const listening = sessions.onChange(({ lab, now: state }) => {
    const news = lab.steps.flatMap((step) =>
      step.checks.flatMap((check): RecentVerdict[] => {
        const { mark, verdict } = state.steps[step.id]?.checks[check.id] ?? {};
        // While a check runs again its last verdict stays.
        if (!verdict || mark !== verdict.state) return [];
        const { observed, cause } = verdict;
        const seen: RecentVerdict = {
          lab: lab.id,
          step: step.id,
          check: check.id,
          state: verdict.state,
          observed,
          ...(cause ? { cause: { code: cause.code, message: cause.message } } : {}),
          at: now(),
        };
        if (last.get(keyOf(seen)) === gist(seen)) return [];
        last.set(keyOf(seen), gist(seen));
        return [seen];
      }),
    );
    if (news.length > 0) become([...news.toReversed(), ...list]);
  });
  return {
    get list() {
      return list;
    },
    onChange: changes.listen,
    clear: () => become([]),
    dispose: () => listening.dispose(),
  };
}
