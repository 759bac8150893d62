// What the instructor's panel works on: where the hand-ins are, grading them, the marks that came out, and one student's
// work. Everything is done by the `malla` program. Does not know `vscode`.
import * as z from 'zod';
import {
  classViewSchema,
  detailSchema,
  type FromGradingPanel,
  type GradingState,
  type SourceName,
} from '../../webview/grading/protocol.ts';
import type { MallaProgram, Outcome } from '../cluster/malla-program.ts';
import { createEmitter } from '../emitter.ts';
import { t } from '../l10n.ts';

export interface GradingSession {
  readonly now: GradingState;
  onChange(listen: (state: GradingState) => void): { dispose(): void };
  setSource(name: SourceName, path: string): Promise<void>;
  /** Does what the panel asks, except what only the editor can do. Never rejects. */
  do(asked: FromGradingPanel): Promise<void>;
  /** Where the results are; '' without hand-ins. */
  readonly results: string;
  dispose(): void;
}

/** Where it is kept which class was being graded. */
export interface Sources {
  recall(name: string): unknown;
  remember(name: string, value: unknown): PromiseLike<void>;
}

const kept = 'grading/sources';
/** In Malla's own words. */
const nothingGraded = 'MALLA-NOT-05';
const sourcesSchema = z.lazy(() => z.object({ folder: z.string(), rubric: z.string(), list: z.string() }));
const progressSchema = z.lazy(() => z.object({ done: z.int().min(0), of: z.int().min(0) }));
const exportSchema = z.lazy(() => z.object({ folder: z.string(), files: z.array(z.string()) }));

export function createGradingSession(program: MallaProgram, memory: Sources): GradingSession {
  const remembered = sourcesSchema.safeParse(memory.recall(kept)).data;
  let state: GradingState = { sources: remembered ?? { folder: '', rubric: '', list: '' } };
  let working: AbortController | undefined;
  /** The work that goes on, when there is any. */
  let settled: Promise<unknown> = Promise.resolve();
  const changed = createEmitter<GradingState>();

  const set = (change: Partial<GradingState>): void => {
    state = { ...state, ...change };
    changed.fire(state);
  };
  const resultsOf = (): string =>
    state.sources.folder === '' ? '' : `${state.sources.folder.replace(/[\\/]+$/, '')}-notas`;
  const sources = (): string[] => [
    ...['--rubrica', state.sources.rubric],
    ...(state.sources.list === '' ? [] : ['--lista', state.sources.list]),
  ];

  /** One thing at a time. Undefined when it was not done: the state says why, unless it was cancelled. */
  async function work(
    what: NonNullable<GradingState['work']>['what'],
    args: readonly string[],
  ): Promise<Outcome | undefined> {
    if (working) return undefined;
    const own = new AbortController();
    working = own;
    set({ work: { what, done: 0, of: 0 }, problem: undefined });
    const running = program.run(args, {
      signal: own.signal,
      onValue(value) {
        const progress = progressSchema.safeParse(value).data;
        if (progress && working === own) set({ work: { what, ...progress } });
      },
    });
    settled = running;
    const outcome = await running;
    if (working !== own) return undefined;
    working = undefined;
    set({ work: undefined, ...(outcome.problem && !own.signal.aborted ? { problem: outcome.problem } : {}) });
    return outcome.problem ? undefined : outcome;
  }

  /** Shows what is there already; that there is nothing yet is no problem. */
  async function look(): Promise<void> {
    const { folder, rubric } = state.sources;
    if (folder === '' || rubric === '' || working) return;
    await read();
    if (state.problem?.code === nothingGraded) set({ problem: undefined });
  }

  async function read(): Promise<void> {
    const outcome = await work('leer', ['calificar', 'mirar', resultsOf(), ...sources(), '--json']);
    if (!outcome) return;
    const marks = classViewSchema.safeParse(outcome.value).data;
    set(marks ? { marks } : { problem: unreadable() });
    if (marks && state.detail) await select(state.detail.code);
  }

  async function select(code: string): Promise<void> {
    const outcome = await work('leer', ['calificar', 'mirar', resultsOf(), ...sources(), `--alumno=${code}`, '--json']);
    if (!outcome) return;
    const detail = detailSchema.safeParse(outcome.value).data;
    set(detail ? { detail } : { problem: unreadable() });
  }

  /** Adds a decision to the record, and reads the marks again. */
  async function adjust(code: string, reason: string, how: readonly string[]): Promise<void> {
    const list = state.sources.list === '' ? [] : ['--lista', state.sources.list];
    const args = [`--alumno=${code}`, `--motivo=${reason}`, ...how, ...list, '--json'];
    if (await work('escribir', ['calificar', 'ajustar', resultsOf(), ...args])) await read();
  }

  async function gradeAll(): Promise<void> {
    const { folder } = state.sources;
    const done = await work('calificar', ['calificar', folder, ...sources(), '--salida', resultsOf(), '--json']);
    // What was graded before it was cancelled is there to be seen, and so is what others left.
    if (done || state.problem === undefined) await read();
  }

  async function writeReports(): Promise<void> {
    const outcome = await work('escribir', ['calificar', 'informe', resultsOf(), ...sources(), '--coma', '--json']);
    const written = exportSchema.safeParse(outcome?.value).data;
    if (written) set({ written: written.folder });
  }

  return {
    get now() {
      return state;
    },
    get results() {
      return resultsOf();
    },
    onChange: (listen) => changed.listen(listen),
    async setSource(name, path) {
      if (state.work?.what === 'calificar') return;
      set({
        sources: { ...state.sources, [name]: path },
        problem: undefined,
        ...(name === 'folder' ? { marks: undefined, detail: undefined, written: undefined } : {}),
      });
      await memory.remember(kept, state.sources);
      // What is being read is of the source before.
      await settled;
      await look();
    },
    async do(asked) {
      switch (asked.message) {
        case 'grade':
          return gradeAll();
        case 'cancel':
          return working?.abort();
        case 'ready':
          return state.marks ? undefined : look();
        case 'reload':
          return read();
        case 'select':
          return select(asked.code);
        case 'close':
          return set({ detail: undefined });
        case 'decide':
          return adjust(asked.code, asked.reason, [`--comprobacion=${asked.check}`, `--vale=${asked.counts}`]);
        case 'points':
          return adjust(asked.code, asked.reason, [`--puntos=${asked.points}`]);
        case 'undo':
          return adjust(asked.code, asked.reason, [`--anular=${asked.number}`]);
        case 'export':
          return writeReports();
        default:
          return undefined;
      }
    },
    dispose() {
      working?.abort();
      working = undefined;
    },
  };
}

function unreadable(): NonNullable<GradingState['problem']> {
  return {
    code: 'MALLA-EDI-03',
    happened: t('El programa de Malla ha contestado algo que la extensión no entiende'),
    expected: t('La extensión y su programa son de la misma versión.'),
    todo: t('Recarga la ventana; si sigue igual, vuelve a instalar la extensión.'),
  };
}
