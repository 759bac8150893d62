// All open lab panels: at most one per lab, brought back after a reload at the same step.
import * as vscode from 'vscode';
import type { Exam } from '../../grading/exam/exam-state.ts';
import { withoutHelp } from '../../grading/exam/without-help.ts';
import type { Glossary } from '../../labs/glossary.ts';
import type { FromPanel, Message, PanelState } from '../../webview/protocol.ts';
import type { WorkFolder } from '../actions/work-folder.ts';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import { nextLab, previousLabs } from '../cluster/course.ts';
import { isFinished } from '../cluster/lab-state.ts';
import { panelType } from '../contributions.ts';
import { createEmitter, type Emitter } from '../emitter.ts';
import type { LabSessions } from '../lab-sessions.ts';
import { drawingNow, needDrawing } from '../lazy-drawing.ts';
import type { Memory } from '../memory.ts';
import { isTrusted } from '../trust.ts';
import { readSaved } from './incoming.ts';
import { createLabPanel, type LabPanel, newWebviewPanel } from './lab-panel.ts';
import { panelState } from './panel-state.ts';

export interface LabPanels extends vscode.Disposable {
  /** The panel that is the active editor; else the only one that is open. */
  readonly front: LabPanel | undefined;
  readonly onFront: Emitter<LabPanel | undefined>['listen'];
  /** Without `page`, at the step where the student left it. */
  open(lab: string, page?: string): LabPanel | undefined;
}

export interface LabPanelsOptions {
  extensionUri: vscode.Uri;
  sessions: LabSessions;
  cluster: ClusterSession;
  folder: WorkFolder;
  memory: Memory;
  glossary: Glossary;
  /** The exam that is being done; it may begin and end in a terminal. */
  exam(): Exam | undefined;
  onMessage(message: Message<FromPanel>, panel: LabPanel): void;
}

export function createLabPanels(options: LabPanelsOptions): LabPanels {
  const { sessions, cluster, folder, memory } = options;
  const fronts = createEmitter<LabPanel | undefined>();
  const panels = new Map<string, LabPanel>();
  const refreshAll = (): void => {
    for (const panel of panels.values()) panel.refresh();
  };
  const front = (): LabPanel | undefined => {
    const all = [...panels.values()];
    return all.find((p) => p.active) ?? (all.length === 1 ? all[0] : undefined);
  };

  const adopt = (webviewPanel: vscode.WebviewPanel, lab: string, page: string): LabPanel => {
    const panel = createLabPanel(webviewPanel, {
      lab,
      page,
      extensionUri: options.extensionUri,
      stateOf: (current, revealed, image) => stateOf(lab, current, revealed, image),
      onMessage: options.onMessage,
      onChange(changed) {
        void memory.rememberPage(lab, changed.page);
        fronts.fire(front());
      },
      onClose() {
        panels.delete(lab);
        sessions.closed(lab);
        fronts.fire(front());
      },
    });
    panels.set(lab, panel);
    // While the panel's own document loads.
    if (!drawingNow()) void needDrawing().then(refreshAll);
    sessions.opened(lab);
    fronts.fire(front());
    return panel;
  };

  const stateOf = (
    labId: string,
    page: string,
    revealed: boolean,
    image: (path: string) => string,
  ): PanelState | undefined => {
    const session = sessions.of(labId);
    if (!session) throw new Error(`No session for lab ${labId}, although its panel is open.`);
    const drawing = drawingNow();
    if (!drawing) return undefined;
    const { lab, now } = session;
    const next = isFinished(lab, now) ? nextLab(sessions.labs, lab) : undefined;
    return panelState({
      lab,
      now,
      page,
      text: drawing.renderPage(withoutHelp(lab, options.exam()), page, { image, glossary: options.glossary, revealed }),
      cluster: cluster.now,
      previous: previousLabs(sessions.labs, lab).map((p) => ({
        id: p.id,
        title: p.title,
        done: isFinished(p, sessions.of(p.id)?.now ?? now),
      })),
      ...(next ? { next: { id: next.id, title: next.title } } : {}),
      folder: folder.now,
      trusted: isTrusted(),
    });
  };

  const listening = [
    cluster.onChange(refreshAll),
    folder.onChange(refreshAll),
    // Of its own lab, or of one that its lab starts from.
    sessions.onChange(refreshAll),
    vscode.workspace.onDidGrantWorkspaceTrust(refreshAll),
    vscode.window.registerWebviewPanelSerializer(panelType, {
      async deserializeWebviewPanel(panel, state: unknown) {
        const saved = readSaved(state);
        const lab = saved && sessions.of(saved.lab)?.lab;
        if (!lab || panels.has(lab.id)) return panel.dispose();
        // What the panel saved is written late; the memory, at once.
        adopt(panel, lab.id, pageOf(memory.pageOf(lab.id) ?? saved.page, lab.id));
      },
    }),
  ];
  return {
    get front() {
      return front();
    },
    onFront: fronts.listen,
    open(lab, page) {
      const session = sessions.of(lab);
      if (!session) return undefined;
      const open = panels.get(lab);
      open?.reveal(page === undefined ? undefined : pageOf(page, lab));
      if (open) return open;
      return adopt(newWebviewPanel(session.lab.title), lab, pageOf(page ?? memory.pageOf(lab) ?? '', lab));
    },
    dispose() {
      for (const each of listening) each.dispose();
      for (const panel of [...panels.values()]) panel.dispose();
    },
  };

  /** The page if the lab has it; else its introduction. */
  function pageOf(page: string, lab: string): string {
    return sessions.of(lab)?.lab.steps.some((s) => s.id === page) ? page : '';
  }
}
