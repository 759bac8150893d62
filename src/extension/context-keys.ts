// The `when` keys that package.json reads, in one typed place.
import * as vscode from 'vscode';
import type { ClusterKind } from '../labs/lab.ts';
import type { ClusterState } from '../webview/protocol.ts';
import type { ClusterSession } from './cluster/cluster-session.ts';
import type { LabPanels } from './panel/lab-panels.ts';

export type DoneKey = Extract<keyof ContextKeys, `malla.did.${string}`>;

interface ContextKeys {
  /** What the view's welcome text says. */
  'malla.clusterState': ClusterState;
  'malla.clusterRunning': boolean;
  'malla.clusterKind': ClusterKind;
  /** There is a panel that commands about «the lab» mean. */
  'malla.labInFront': boolean;
  /** What the student has done of the walkthrough. */
  'malla.did.cluster': boolean;
  'malla.did.lab': boolean;
  'malla.did.write': boolean;
  'malla.did.verdict': boolean;
  /** The editor in front has objects of Istio's. */
  'malla.istioFile': boolean;
}

export function keepContextKeys(cluster: ClusterSession, panels: LabPanels): vscode.Disposable {
  const tell = (): void => {
    setContext('malla.clusterState', cluster.now.state);
    setContext('malla.clusterRunning', cluster.now.access !== undefined);
    setContext('malla.clusterKind', cluster.now.identity.kind);
  };
  tell();
  return vscode.Disposable.from(
    cluster.onChange(tell),
    panels.onFront((panel) => setContext('malla.labInFront', panel !== undefined)),
  );
}

export function setContext<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
