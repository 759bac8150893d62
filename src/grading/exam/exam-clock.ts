// Looks after an exam while it is done: tells how long is left, keeps the work every few minutes, and hands it in when the
// time is up. The terminal's clock and the editor's are this one.
import { type Exam, phaseOf } from './exam-state.ts';

export interface ExamClockOptions {
  /** As it is kept on disk at this moment: it may begin and end elsewhere. */
  exam(): Exam | undefined;
  /** Milliseconds since 1970. */
  now(): number;
  /** Hears once a second what is left, in milliseconds; undefined without an end. No exam: undefined. */
  onTick(state: { exam: Exam; left?: number } | undefined): void;
  /** Keeps the work as it stands. A rejection is told and the clock goes on. */
  save(): Promise<void>;
  /** The time is up. Rejections are told, and it is tried again. */
  handIn(exam: Exam): Promise<void>;
  onTrouble(error: unknown): void;
  /** Resolves early when the signal is aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Ends with the exam; otherwise it waits for the next one. */
  once: boolean;
}

export const tick = 1_000;
/** Between two times that the work is kept. */
export const saveEvery = 120_000;
/** Before the end the work is kept once more: what is kept later is out of hours. */
export const lastSave = 15_000;
/** Looks for an exam that begins elsewhere. */
const between = 5_000;
/** After a hand-in that failed. */
const again = 5_000;

/** Resolves when the signal is aborted or, `once`, when there is no exam any more. Never rejects. */
export async function runExamClock(options: ExamClockOptions, signal: AbortSignal): Promise<void> {
  let saved = options.now();
  let savedLast = '';
  let saving = Promise.resolve();
  const save = (): void => {
    saved = options.now();
    saving = saving.then(() => options.save()).catch(options.onTrouble);
  };
  while (!signal.aborted) {
    const exam = options.exam();
    if (!exam) {
      options.onTick(undefined);
      if (options.once) break;
      await options.wait(between, signal);
      continue;
    }
    const now = options.now();
    const { phase, left } = phaseOf(exam.sheet, now, Date.parse(exam.begun));
    options.onTick({ exam, ...(left === undefined ? {} : { left }) });
    if (phase === 'acabado') {
      await saving;
      await options.handIn(exam).catch(options.onTrouble);
      if (options.exam()) await options.wait(again, signal);
      continue;
    }
    const ending = left !== undefined && left <= lastSave && savedLast !== exam.begun;
    if (ending) savedLast = exam.begun;
    if (ending || now - saved >= saveEvery) save();
    await options.wait(tick, signal);
  }
  await saving;
}

/** `1:05:09`, `12:30`, `0:07`: hours, minutes and seconds. */
export function clockText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
