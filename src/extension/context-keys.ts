// The `when` keys that package.json reads, in one typed place.
import * as vscode from 'vscode';
import type { ClusterKind } from '../labs/lab.ts';
import type { ClusterState } from '../webview/protocol.ts';
import type { ClusterSession } from './cluster/cluster-session.ts';
import type { LabPanels } from './panel/lab-panels.ts';
import type { RecentVerdicts } from './tree/recent-verdicts.ts';

interface ContextKeys {
  /** What the view's welcome text says. */
  'malla.clusterState': ClusterState;
  'malla.clusterRunning': boolean;
  'malla.clusterKind': ClusterKind;
  /** There is a panel that commands about «the lab» mean. */
  'malla.labInFront': boolean;
  /** Some check has had a verdict here. */
  'malla.anyVerdict': boolean;
  /** A terminal of Malla's is open. */
  'malla.terminalOpen': boolean;
  /** The editor in front has objects of Istio's. */
  'malla.istioFile': boolean;
}

export function keepContextKeys(cluster: ClusterSession, panels: LabPanels, recent: RecentVerdicts): vscode.Disposable {
  const tell = (): void => {
    setContext('malla.clusterState', cluster.now.state);
    setContext('malla.clusterRunning', cluster.now.access !== undefined);
    setContext('malla.clusterKind', cluster.now.identity.kind);
  };
  const tellVerdicts = (): void => setContext('malla.anyVerdict', recent.list.length > 0);
  tell();
  tellVerdicts();
  return vscode.Disposable.from(
    cluster.onChange(tell),
    recent.onChange(tellVerdicts),
    panels.onFront((panel) => setContext('malla.labInFront', panel !== undefined)),
  );
}

export function setContext<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
