// One lab being worked on: watches it through `malla seguir`, verifies, applies solutions. Does not know `vscode`.
import type { Verdict } from '../../checks/verdict.ts';
import { answeredSteps, answerKey, type LabAnswers, noAnswers } from '../../labs/answers.ts';
import type { Lab } from '../../labs/lab.ts';
import { optionLetter } from '../../labs/question.ts';
import type { Problem } from '../../webview/protocol.ts';
import { createEmitter, type Emitter } from '../emitter.ts';
import { t } from '../l10n.ts';
import { forget, initialState, type LabState, reduce } from './lab-state.ts';
import type { Following, MallaProgram, Outcome } from './malla-program.ts';
import { type Answered, readAnswered, readFollowEvent, readSolved } from './program-output.ts';

export interface LabSnapshot extends LabState {
  /** What the student has answered. */
  answers: LabAnswers;
  /** What is being done, in Spanish. */
  busy?: string;
  problem?: Problem;
}

export interface LabSession {
  readonly lab: Lab;
  readonly now: LabSnapshot;
  readonly onChange: Emitter<LabSnapshot>['listen'];
  /** Starts watching, if nobody does. The cluster must be running: watching would start it. */
  follow(): void;
  unfollow(): void;
  /** The steps that were right in some session, and no others. Does not undo what is known better. */
  remember(passed: readonly string[], answers?: LabAnswers): void;
  /** Answers a question of the text. */
  choose(step: string, question: string, chosen: readonly number[]): Promise<void>;
  /** Answers a check that asks for a typed answer. */
  respond(step: string, check: string, text: string): Promise<void>;
  /** Asks for the checks of a step to be run again now. */
  verify(step: string): void;
  /**
   * The same, resolving to what came out: empty when it could not be done (`now.problem` says why) or `signal` came
   * before.
   */
  judge(step: string, signal?: AbortSignal): Promise<readonly Verdict[]>;
  /** Makes the lab's stream of requests flow, or stops it. */
  setTraffic(flow: boolean): void;
  /** Applies the written solution of one step. Resolves to what went wrong, if anything. */
  solve(step: string, where: string): Promise<Problem | undefined>;
  /** Applies the whole written solution of each lab, in order, and stops at the first that does not end right. */
  prepare(labs: readonly Lab[], where: string): Promise<Problem | undefined>;
  dispose(): void;
}

/** `where`: the folder under which the student's files are, when there is one. */
export function createLabSession(
  lab: Lab,
  program: MallaProgram,
  where: () => string | undefined = () => undefined,
): LabSession {
  const changes = createEmitter<LabSnapshot>();
  const stopping = new AbortController();
  let now: LabSnapshot = { ...initialState(lab, []), answers: noAnswers };
  let following: Following | undefined;
  let working: Promise<Problem | undefined> | undefined;
  const judging = new Map<string, ((verdicts: readonly Verdict[]) => void)[]>();
  const judged = (step: string, verdicts: readonly Verdict[]): void => {
    const waiting = judging.get(step) ?? [];
    judging.delete(step);
    for (const resolve of waiting) resolve(verdicts);
  };
  const nobodyJudges = (): void => {
    for (const step of [...judging.keys()]) judged(step, []);
  };

  const become = (next: LabSnapshot): void => {
    if (JSON.stringify(next) === JSON.stringify(now)) return;
    now = next;
    changes.fire(now);
  };
  const without = (...names: ('busy' | 'problem' | 'traffic')[]): LabSnapshot => {
    const next = { ...now };
    for (const name of names) delete next[name];
    return next;
  };

  const folder = (): string[] => {
    const path = where();
    return path === undefined ? [] : ['--carpeta', path];
  };

  const session: LabSession = {
    lab,
    get now() {
      return now;
    },
    onChange: changes.listen,
    follow() {
      // A chapter is not in the cluster.
      if (lab.chapter || following || stopping.signal.aborted) return;
      const own = program.follow(['seguir', lab.id, ...folder(), '--json'], {
        onLine(value) {
          if (following === own) hear(value);
        },
        onEnd(problem) {
          if (following !== own) return;
          following = undefined;
          become({ ...without('traffic'), ...forget(lab, now), ...(problem ? { problem } : {}) });
          nobodyJudges();
        },
      });
      following = own;
      become({ ...without('problem'), followed: true });
    },
    unfollow() {
      if (!following) return;
      const old = following;
      following = undefined;
      old.stop();
      become({ ...without('traffic'), ...forget(lab, now) });
      nobodyJudges();
    },
    remember(passed, answers = now.answers) {
      const steps = Object.entries(now.steps).map(([id, step]) => {
        if (lab.chapter) return [id, { ...step, mark: passed.includes(id) ? 'correcto' : 'pendiente' }] as const;
        const remembered = step.mark === 'pendiente' || step.mark === 'superado';
        // A watcher knows better than what was written down.
        const mark = passed.includes(id) ? 'superado' : now.followed ? step.mark : 'pendiente';
        return [id, remembered ? { ...step, mark } : step];
      });
      become({ ...now, answers, steps: Object.fromEntries(steps) });
    },
    async choose(step, question, chosen) {
      const questions = { ...now.answers.questions, [answerKey(step, question)]: chosen };
      const answers = { ...now.answers, questions };
      become({ ...now, answers });
      const letters = chosen.map(optionLetter).join(',');
      const outcome = await program.run(['responder', lab.id, answerKey(step, question), letters, '--json']);
      if (outcome.problem) become({ ...now, problem: outcome.problem });
      else if (lab.chapter) session.remember(answeredSteps(lab, now.answers));
    },
    async respond(step, check, text) {
      const checks = { ...now.answers.checks, [answerKey(step, check)]: text };
      become({ ...now, answers: { ...now.answers, checks } });
      // Two dashes: an answer may begin with one.
      const outcome = await program.run(['responder', lab.id, answerKey(step, check), '--json', '--', text]);
      const right = readAnswered(outcome.value);
      if (outcome.problem) become({ ...now, problem: outcome.problem });
      else if (!following && right !== undefined)
        hear({ event: 'check', step, check, state: 'hecho', verdict: spoken(check, right) });
    },
    verify(step) {
      session.follow();
      following?.order({ do: 'verify', step });
    },
    judge(step, signal) {
      session.follow();
      if (!following || signal?.aborted) return Promise.resolve([]);
      following.order({ do: 'verify', step });
      return new Promise((resolve) => {
        judging.set(step, [...(judging.get(step) ?? []), resolve]);
        signal?.addEventListener('abort', () => resolve([]), { once: true });
      });
    },
    setTraffic(flow) {
      following?.order({ do: 'traffic', flow });
    },
    async solve(step, where) {
      const title = lab.steps.find((s) => s.id === step)?.title ?? step;
      // Whoever watches sees what it changes: there is no need to ask for a verification.
      return work(t('Aplicando la solución de «{0}»…', title), () => resolve([lab.id, '--paso', step], where));
    },
    async prepare(labs, where) {
      for (const previous of labs) {
        const problem = await work(t('Preparando «{0}»…', previous.title), () => resolve([previous.id], where));
        if (problem) return problem;
      }
      return undefined;
    },
    dispose() {
      stopping.abort();
      session.unfollow();
    },
  };
  return session;

  function hear(value: unknown): void {
    const event = readFollowEvent(value);
    if (!event) return;
    if (event.event === 'error') {
      const { code, message } = event;
      become({ ...now, problem: { code, happened: message, expected: '', todo: t('Pulsa «Reintentar».') } });
    } else if (event.event === 'verified') judged(event.step, event.verdicts);
    else become({ ...now, ...reduce(now, event) });
  }

  /** One at a time: what is asked meanwhile, as the solution of the next step, waits for its turn. */
  async function work(title: string, verb: () => Promise<Problem | undefined>): Promise<Problem | undefined> {
    while (working) await working;
    working = perform(title, verb);
    try {
      return await working;
    } finally {
      working = undefined;
    }
  }

  async function perform(title: string, verb: () => Promise<Problem | undefined>): Promise<Problem | undefined> {
    become({ ...without('problem'), busy: title });
    const problem = await verb();
    become({ ...without('busy', 'problem'), ...(problem ? { problem } : {}) });
    return problem;
  }

  async function resolve(what: readonly string[], where: string): Promise<Problem | undefined> {
    const outcome = await program.run(['resolver', ...what, '--carpeta', where, '--json'], { signal: stopping.signal });
    return outcome.problem ?? unsolved(outcome);
  }
}

/** What is known of an answer while nobody watches the cluster. */
function spoken(check: string, { right, says }: Answered): Verdict {
  return {
    check,
    state: right ? 'correcto' : 'incorrecto',
    expected: 'una respuesta correcta',
    observed: says,
    evidence: {},
    milliseconds: 0,
    simulated: false,
  };
}

/** A solution whose commands failed, or that did not end right. */
function unsolved({ value }: Outcome): Problem | undefined {
  const solved = readSolved(value);
  if (!solved) {
    return {
      code: 'MALLA-EDI-03',
      happened: t('El programa de Malla ha contestado algo que la extensión no entiende'),
      expected: t('La extensión y su programa son de la misma versión.'),
      todo: t('Recarga la ventana; si sigue igual, vuelve a instalar la extensión.'),
    };
  }
  for (const step of solved.steps) {
    const failed = step.actions.find((a) => a.exitCode !== 0);
    if (failed) {
      return {
        code: 'MALLA-EDI-04',
        happened: t(
          'La orden «{0}» ha terminado con el código {1}: {2}',
          failed.title,
          failed.exitCode,
          lastLines(failed.output),
        ),
        expected: t('Las órdenes de la solución terminan bien.'),
        todo: t(
          'Lee lo que dice la orden y comprueba que lo anterior está hecho; «Reintentar» vuelve a mirar el clúster.',
        ),
      };
    }
  }
  const bad = solved.steps.flatMap((s) => s.checks).find((c) => c.verdict.state !== 'correcto')?.verdict;
  if (solved.state === 'correcto' || !bad) return undefined;
  return {
    code: bad.cause?.code ?? 'MALLA-EDI-05',
    happened: t('La solución está aplicada, pero se observa: {0}', bad.observed),
    expected: bad.expected,
    todo: bad.cause?.hint ?? t('Espera unos segundos y pulsa «Verificar».'),
  };
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-3).join(' · ') || t('sin más explicación');
}
