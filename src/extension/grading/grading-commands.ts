// The commands about handing in and grading. What they need is loaded when one of them is first called.
import * as vscode from 'vscode';
import type { MallaProgram } from '../cluster/malla-program.ts';
import type { Handlers } from '../commands/command-table.ts';
import { gradingPanelType } from '../contributions.ts';
import type { Memory } from '../memory.ts';
import type { SinglePanel } from '../panel/single-panel.ts';

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
  let panel: SinglePanel | undefined;
  const thePanel = async (): Promise<SinglePanel> => {
    const [{ createGradingPanel }, { createGradingSession }] = await Promise.all([
      import('./grading-panel.ts'),
      import('./grading-session.ts'),
    ]);
    panel ??= createGradingPanel(createGradingSession(program, memory), extensionUri);
    return panel;
  };
  const reviving = vscode.window.registerWebviewPanelSerializer(gradingPanelType, {
    deserializeWebviewPanel: async (revived) => (await thePanel()).adopt(revived),
  });
  return {
    async handIn() {
      const { handIn } = await import('./hand-in.ts');
      await handIn(program, folder());
    },
    gradeClass: async () => (await thePanel()).reveal(),
    dispose() {
      reviving.dispose();
      panel?.dispose();
    },
  };
}
