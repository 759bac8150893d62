// The clock of an exam in the status bar. While the editor is open it keeps the work and, when the time is up, hands it in.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import { clockText, runExamClock } from '../../grading/exam/exam-clock.ts';
import { type Exam, readExam } from '../../grading/exam/exam-state.ts';
import type { Problem } from '../../webview/protocol.ts';
import type { MallaProgram } from '../cluster/malla-program.ts';
import { t } from '../l10n.ts';
import { showProblem } from '../show-problem.ts';
import { isTrusted } from '../trust.ts';

export interface ExamStatusOptions {
  program: MallaProgram;
  /** Malla's own folder. */
  home: string;
  /** The student's work folder; undefined when there is none. */
  folder(): string | undefined;
}

/** What Malla's program said that went wrong. */
class ProgramProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.happened);
    this.problem = problem;
  }
}

/** When it is this close, the clock asks to be looked at. */
const soon = 10 * 60_000;

export function createExamStatus({ program, home, folder }: ExamStatusOptions): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('malla.exam', vscode.StatusBarAlignment.Left, 9);
  item.name = t('Malla: examen');
  const end = new AbortController();
  const run = async (args: readonly string[]): Promise<void> => {
    // In a folder that is not trusted no program runs: the exam goes on until it is.
    if (!isTrusted()) throw new Error('This workspace is not trusted.');
    const { problem } = await program.run(args);
    if (problem) throw new ProgramProblem(problem);
  };
  const where = (): string => folder() ?? homedir();
  void runExamClock(
    {
      exam: () => readExam(home),
      now: Date.now,
      onTick: (state) => draw(item, state),
      save: () => run(['examen', 'guardar', '--carpeta', where(), '--json']),
      async handIn({ student, sheet }) {
        const path = join(where(), `entrega-${student}.zip`);
        await run(['examen', 'entregar', '--salida', path, '--si', '--json']);
        void tellHandedIn(sheet.title, path);
      },
      onTrouble: (error) => {
        if (error instanceof ProgramProblem) void showProblem(error.problem);
      },
      wait: (milliseconds, signal) => pause(milliseconds, undefined, { signal }).catch(() => undefined),
      once: false,
    },
    end.signal,
  );
  return vscode.Disposable.from(item, { dispose: () => end.abort() });
}

function draw(item: vscode.StatusBarItem, state: { exam: Exam; left?: number } | undefined): void {
  if (!state) {
    item.hide();
    return;
  }
  const { exam, left } = state;
  const isSoon = left !== undefined && left <= soon;
  item.text = left === undefined ? `$(mortar-board) ${exam.sheet.title}` : `$(clock) ${clockText(left)}`;
  item.tooltip =
    left === undefined
      ? t('{0}: sin límite de tiempo', exam.sheet.title)
      : t('{0}: quedan {1}. Al acabar, se entrega sola.', exam.sheet.title, clockText(left));
  item.backgroundColor = isSoon ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  // A reader of screens is not told each second: only when the minute is another.
  const minutes = left === undefined ? undefined : Math.ceil(left / 60_000);
  const label =
    minutes === undefined ? exam.sheet.title : t('Examen {0}: quedan {1} minutos', exam.sheet.title, minutes);
  if (item.accessibilityInformation?.label !== label) item.accessibilityInformation = { label, role: 'timer' };
  item.show();
}

async function tellHandedIn(title: string, path: string): Promise<void> {
  const show = t('Mostrar en la carpeta');
  const text = t('El tiempo de {0} se ha acabado: la entrega está en {1}. Súbela donde te hayan dicho.', title, path);
  if ((await vscode.window.showInformationMessage(text, show)) === show)
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(path));
}
