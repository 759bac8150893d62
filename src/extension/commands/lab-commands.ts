// The commands about labs. Those about «the lab» mean the panel in front.
import * as vscode from 'vscode';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import type { IstioCommands } from '../editor/istio-commands.ts';
import type { LabSessions } from '../lab-sessions.ts';
import type { LabWork } from '../lab-work.ts';
import type { LabPanel } from '../panel/lab-panel.ts';
import type { LabPanels } from '../panel/lab-panels.ts';
import { faceOf } from '../tree/nodes.ts';
import type { ClusterCommands } from './cluster-commands.ts';
import type { Handlers } from './command-table.ts';

type LabCommands = Omit<Handlers, keyof ClusterCommands | keyof IstioCommands>;

export interface LabCommandsOptions {
  cluster: ClusterSession;
  sessions: LabSessions;
  panels: LabPanels;
  work: LabWork;
}

export function labCommands({ cluster, sessions, panels, work }: LabCommandsOptions): LabCommands {
  /** The panel in front, on a page that is a step; says so when there is none. */
  const onStep = async (then: (panel: LabPanel) => unknown): Promise<void> => {
    const panel = panels.front;
    if (!panel) await vscode.window.showInformationMessage('Abre antes un laboratorio.');
    else if (panel.page === '') await vscode.window.showInformationMessage('Pasa antes al primer paso.');
    else await then(panel);
  };
  return {
    async openLab(lab) {
      const chosen = typeof lab === 'string' ? lab : await pickLab(sessions);
      if (chosen) panels.open(chosen);
    },
    openStep(lab, page) {
      if (typeof lab === 'string' && typeof page === 'string') panels.open(lab, page === '' ? undefined : page);
    },
    verifyStep: () => onStep(({ lab, page }) => work.verify(lab, page)),
    nextHint: () => onStep((panel) => panel.nextHint()),
    showSolution: () => onStep((panel) => panel.showSolution()),
    applySolution: () => onStep(({ lab, page }) => work.applySolution(lab, page)),
    async prepareLab() {
      if (panels.front) await work.prepare(panels.front.lab);
    },
    openTerminal: () => work.openTerminal(panels.front?.lab),
    async refresh() {
      await Promise.all([cluster.refresh(), sessions.refreshPassed()]);
    },
  };
}

async function pickLab(sessions: LabSessions): Promise<string | undefined> {
  const items = sessions.labs.flatMap((lab) => {
    const session = sessions.of(lab.id);
    return session
      ? [
          {
            label: lab.title,
            description: faceOf({ type: 'lab', session }).description,
            detail: lab.objectives[0],
            lab: lab.id,
          },
        ]
      : [];
  });
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'Elige un laboratorio' });
  return chosen?.lab;
}
