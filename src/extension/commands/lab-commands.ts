// The commands about labs. They mean what they are called with, a node of the tree or a test; else the panel in front.
import * as vscode from 'vscode';
import type { Action, Lab } from '../../labs/lab.ts';
import { isManifest } from '../../labs/manifest.ts';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import type { IstioCommands } from '../editor/istio-commands.ts';
import type { GradingCommands } from '../grading/grading-commands.ts';
import { t } from '../l10n.ts';
import type { LabSessions } from '../lab-sessions.ts';
import type { LabWork } from '../lab-work.ts';
import { needDrawing } from '../lazy-drawing.ts';
import type { LabPanel } from '../panel/lab-panel.ts';
import type { LabPanels } from '../panel/lab-panels.ts';
import type { TestingView } from '../testing/testing-view.ts';
import type { ClusterTree } from '../tree/cluster-tree.ts';
import { faceOf } from '../tree/nodes.ts';
import type { Walkthrough } from '../walkthrough.ts';
import type { ClusterCommands } from './cluster-commands.ts';
import type { Handlers } from './command-table.ts';
import { targetOf } from './target.ts';

type LabCommands = Omit<Handlers, keyof ClusterCommands | keyof IstioCommands | keyof GradingCommands>;

export interface LabCommandsOptions {
  cluster: ClusterSession;
  sessions: LabSessions;
  panels: LabPanels;
  work: LabWork;
  testing: TestingView;
  clusterTree: Pick<ClusterTree, 'retry'>;
  walkthrough: Walkthrough;
}

export function labCommands({
  cluster,
  sessions,
  panels,
  work,
  testing,
  clusterTree,
  walkthrough,
}: LabCommandsOptions): LabCommands {
  /** The panel in front, on a page that is a step; says so when there is none. */
  const onStep = async (then: (panel: LabPanel) => unknown): Promise<void> => {
    const panel = panels.front;
    if (!panel) await vscode.window.showInformationMessage(t('Abre antes un laboratorio.'));
    else if (panel.page === '') await vscode.window.showInformationMessage(t('Pasa antes al primer paso.'));
    else await then(panel);
  };
  /** The step that the command is called with, shown in its panel; else the one in front. */
  const onTarget = async (called: unknown, then: (panel: LabPanel) => unknown): Promise<void> => {
    const { lab, page } = targetOf(called) ?? {};
    if (lab === undefined || page === undefined) return onStep(then);
    const panel = panels.open(lab, page);
    if (panel) await then(panel);
  };
  const turn = (panel: LabPanel | undefined, by: 1 | -1): void => {
    const steps = panel && sessions.of(panel.lab)?.lab.steps;
    if (!steps) return;
    const pages = ['', ...steps.map(({ id }) => id)];
    const next = pages[pages.indexOf(panel.page) + by];
    if (next !== undefined) panel.reveal(next);
  };
  return {
    async openLab(lab) {
      const chosen = typeof lab === 'string' ? lab : (await pickLab(sessions))?.id;
      if (chosen) panels.open(chosen);
    },
    async openStep(first, second) {
      const target = targetOf(first, second) ?? (await pickStep(sessions));
      if (target) panels.open(target.lab, target.page || undefined);
    },
    verifyStep: (called) => onTarget(called, ({ lab, page }) => work.verify(lab, page)),
    nextHint: () => onStep((panel) => panel.nextHint()),
    showSolution: (called) => onTarget(called, (panel) => panel.showSolution()),
    applySolution: (called) => onTarget(called, ({ lab, page }) => work.applySolution(lab, page)),
    async prepareLab(called) {
      const lab = targetOf(called)?.lab ?? panels.front?.lab;
      if (lab === undefined) return;
      panels.open(lab);
      await work.prepare(lab);
    },
    openTerminal: (called) => work.openTerminal(targetOf(called)?.lab ?? panels.front?.lab),
    nextStep: () => turn(panels.front, 1),
    previousStep: () => turn(panels.front, -1),
    stepActions: () =>
      onStep(async ({ lab, page }) => {
        const session = sessions.of(lab);
        const chosen = session && (await pickAction((await needDrawing()).actionsOf(session.lab, page)));
        if (chosen?.way === 'apply') await work.apply(lab, page, chosen.index);
        else if (chosen) await work.act(lab, page, chosen.index);
      }),
    toggleTraffic() {
      const session = panels.front && sessions.of(panels.front.lab);
      if (!session) return;
      if (!session.now.traffic) say(t('Este laboratorio no envía tráfico, o nadie lo vigila ahora.'));
      else session.setTraffic(session.now.traffic.rate === 0);
    },
    openWalkthrough: () => walkthrough.open(),
    async openTests() {
      testing.begin();
      await vscode.commands.executeCommand('workbench.view.testing.focus');
    },
    async refresh() {
      await Promise.all([cluster.refresh(), sessions.refreshPassed()]);
      clusterTree.retry();
    },
  };
}

function say(text: string): void {
  void vscode.window.showInformationMessage(text);
}

interface PickedAction {
  way: 'act' | 'apply';
  index: number;
}

/** What the buttons of a page do, for who has no mouse. */
async function pickAction(actions: readonly Action[]): Promise<PickedAction | undefined> {
  const items = actions.flatMap((action, index): (vscode.QuickPickItem & PickedAction)[] => {
    if (action.type === 'run') return [{ label: `$(terminal) ${action.argv.join(' ')}`, way: 'act', index }];
    if (action.type !== 'file') return [];
    const create = { label: `$(new-file) ${t('Crear {0}', action.path)}`, way: 'act' as const, index };
    const apply = { label: `$(cloud-upload) ${t('Aplicar {0}', action.path)}`, way: 'apply' as const, index };
    return isManifest(action.content) ? [create, apply] : [create];
  });
  if (items.length > 0) return vscode.window.showQuickPick(items, { placeHolder: t('¿Qué quieres hacer?') });
  say(t('En este paso no hay nada que crear ni ejecutar.'));
  return undefined;
}

async function pickLab(sessions: LabSessions): Promise<Lab | undefined> {
  const items = sessions.labs.flatMap((lab) => {
    const session = sessions.of(lab.id);
    if (!session) return [];
    const { description } = faceOf({ type: 'lab', session });
    return [{ label: lab.title, description, detail: lab.objectives[0], lab }];
  });
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Elige un laboratorio') }))?.lab;
}

async function pickStep(sessions: LabSessions): Promise<{ lab: string; page: string } | undefined> {
  const lab = await pickLab(sessions);
  const session = lab && sessions.of(lab.id);
  if (!session) return undefined;
  const items = session.lab.steps.map((step) => {
    const { label, description } = faceOf({ type: 'step', session, step });
    return { label, description, page: step.id };
  });
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: t('Elige un paso') });
  return chosen && { lab: session.lab.id, page: chosen.page };
}
