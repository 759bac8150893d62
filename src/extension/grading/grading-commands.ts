// The commands about handing in and grading. What they need is loaded when one of them is first called.
import type * as vscode from 'vscode';
import type { MallaProgram } from '../cluster/malla-program.ts';
import type { Handlers } from '../commands/command-table.ts';
import type { Memory } from '../memory.ts';
import type { GradingPanel } from './grading-panel.ts';

export type GradingCommands = Pick<Handlers, 'handIn' | 'gradeClass'>;

export interface GradingCommandsOptions {
  program: MallaProgram;
  memory: Memory;
  extensionUri: vscode.Uri;
  /** The student's work folder; undefined when there is none. */
  folder(): string | undefined;
}

export function gradingCommands(options: GradingCommandsOptions): GradingCommands & { dispose(): void } {
  const { program, memory, extensionUri, folder } = options;
  let panel: GradingPanel | undefined;
  return {
    async handIn() {
      const { handIn } = await import('./hand-in.ts');
      await handIn(program, folder());
    },
    async gradeClass() {
      const { createGradingPanel } = await import('./grading-panel.ts');
      const { createGradingSession } = await import('./grading-session.ts');
      panel ??= createGradingPanel(createGradingSession(program, memory), extensionUri);
      panel.reveal();
    },
    dispose: () => panel?.dispose(),
  };
}
