// Labs and verdicts for tests: each says only what it cares about.
import type { Verdict, VerdictState } from '../checks/verdict.ts';
import type { Lab } from '../labs/lab.ts';
import type { MallaProgram, Outcome } from './cluster/malla-program.ts';

/** Step → ids of its checks. */
export function aLab({ id = 'canary', requires = [] as string[], steps = {} as Record<string, string[]> }): Lab {
  return {
    id,
    title: id,
    chapter: false,
    minutes: 10,
    clusters: ['embebido'],
    requires,
    objectives: [],
    introduction: '',
    questions: [],
    steps: Object.entries(steps).map(([step, checks], index) => ({
      id: step,
      title: step,
      markdown: '',
      hints: [],
      questions: [],
      checks: checks.map((check) => ({
        id: check,
        title: check,
        line: 1,
        type: 'inyeccion',
        pattern: { namespace: 'default' },
      })),
      solution: [],
      mistakes: [],
      line: index + 1,
    })),
    traffic: [],
    cleanup: [],
    folder: '/labs',
  };
}

export function aVerdict(check: string, state: VerdictState): Verdict {
  return { check, state, expected: 'e', observed: 'o', evidence: {}, milliseconds: 1, simulated: true };
}

export interface PlayedProgram extends MallaProgram {
  /** Arguments of every call, joined by spaces. */
  calls: string[];
  orders: unknown[];
  /** Says a line as the program that follows. */
  say(value: unknown): void;
  /** Ends the program that follows. */
  end(exitCode: number): void;
}

/** `answer` gives the outcome of each call of `run`. */
export function playProgram(answer: (args: string) => Outcome | Promise<Outcome>): PlayedProgram {
  let listener: Parameters<MallaProgram['follow']>[1] | undefined;
  const played: PlayedProgram = {
    calls: [],
    orders: [],
    async run(args) {
      played.calls.push(args.join(' '));
      return answer(args.join(' '));
    },
    follow(args, listening) {
      played.calls.push(args.join(' '));
      listener = listening;
      return { order: (value) => played.orders.push(value), stop: () => played.orders.push({ do: 'stop' }) };
    },
    say: (value) => listener?.onLine(value),
    end: (exitCode) => listener?.onEnd({ code: 'MALLA-EDI-02', happened: String(exitCode), expected: '', todo: '' }),
  };
  return played;
}
