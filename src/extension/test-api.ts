// The parts of the running extension that its tests in the editor handle. Given to nobody else.
import type * as vscode from 'vscode';
import type { Action, Lab } from '../labs/lab.ts';
import type { FromPanel, Message } from '../webview/protocol.ts';
import type { ClusterSession } from './cluster/cluster-session.ts';
import type { IstioHelp } from './editor/istio-help.ts';
import type { LabSessions } from './lab-sessions.ts';
import type { LabPanel } from './panel/lab-panel.ts';
import type { LabPanels } from './panel/lab-panels.ts';
import type { TestingView } from './testing/testing-view.ts';
import type { ClusterTree } from './tree/cluster-tree.ts';
import type { TreeNode } from './tree/nodes.ts';
import type { RecentVerdicts } from './tree/recent-verdicts.ts';

export interface TestApi {
  tree: vscode.TreeDataProvider<TreeNode>;
  cluster: ClusterSession;
  sessions: LabSessions;
  panels: LabPanels;
  istioHelp: IstioHelp;
  testing: TestingView;
  clusterTree: ClusterTree;
  recent: RecentVerdicts;
  /** What the buttons of a page do, by their number. */
  actionsOf(lab: Lab, page: string): Action[];
  /** As if the panel had sent the message. */
  receive(message: Message<FromPanel>, panel: LabPanel): Promise<void>;
}
