// What of the walkthrough the student has done, as context keys of their own: VS Code ticks a step when its key becomes true,
// and never if it already was when the walkthrough is first shown.
import * as vscode from 'vscode';
import type { ClusterSession } from './cluster/cluster-session.ts';
import { type DoneKey, setContext } from './context-keys.ts';
import { walkthroughId } from './contributions.ts';
import type { LabPanels } from './panel/lab-panels.ts';
import type { RecentVerdicts } from './tree/recent-verdicts.ts';

export interface Walkthrough extends vscode.Disposable {
  open(): Promise<void>;
}

export interface WalkthroughOptions {
  cluster: ClusterSession;
  panels: LabPanels;
  recent: RecentVerdicts;
}

export function createWalkthrough({ cluster, panels, recent }: WalkthroughOptions): Walkthrough {
  const done = new Set<DoneKey>();
  let shown = false;
  const tick = (key: DoneKey): void => {
    done.add(key);
    setContext(key, true);
  };
  const listening = vscode.Disposable.from(
    cluster.onChange(({ access }) => access && tick('malla.did.cluster')),
    panels.onFront((panel) => panel && tick('malla.did.lab')),
    vscode.window.onDidOpenTerminal(({ name }) => {
      if (name.startsWith('Malla: ')) tick('malla.did.write');
    }),
    recent.onChange(() => recent.list.length > 0 && tick('malla.did.verdict')),
  );
  return {
    async open() {
      for (const key of done) setContext(key, false);
      if (!shown && isOlder()) await showForNothing();
      shown = true;
      await show();
      for (const key of done) setContext(key, true);
    },
    dispose: () => listening.dispose(),
  };
}

function show(): Thenable<unknown> {
  return vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthroughId, false);
}

/**
 * Until VS Code has shown any, an older one knows no walkthroughs of extensions: it shows one of its own instead, and stays
 * there as long as that is open. Seen in 1.103; not in 1.139.
 */
async function showForNothing(): Promise<void> {
  const active = () => vscode.window.tabGroups.activeTabGroup.activeTab;
  const before = active();
  await show();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const tab = active();
  // Of a tab of VS Code's own, extensions are not told what it is.
  if (tab && tab !== before && tab.input === undefined) await vscode.window.tabGroups.close(tab);
}

function isOlder(): boolean {
  const [major = 0, minor = 0] = vscode.version.split('.').map(Number);
  return major === 1 && minor < 139;
}
