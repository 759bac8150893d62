// The extension's only entry: wires its parts by hand. What each does is in the file named after it.
import { join } from 'node:path';
import * as vscode from 'vscode';
import { createTerminals } from './actions/terminals.ts';
import { createWorkFolder } from './actions/work-folder.ts';
import { createClusterSession } from './cluster/cluster-session.ts';
import { loadCourse } from './cluster/course.ts';
import { createMallaProgram } from './cluster/malla-program.ts';
import { clusterCommands, startWithProgress } from './commands/cluster-commands.ts';
import { labCommands } from './commands/lab-commands.ts';
import { registerCommands } from './commands/register-commands.ts';
import { setContextKey } from './context-keys.ts';
import { createGate } from './gate.ts';
import { createLabSessions } from './lab-sessions.ts';
import { createLabWork } from './lab-work.ts';
import { createMemory } from './memory.ts';
import { createLabPanels } from './panel/lab-panels.ts';
import { createPanelMessages } from './panel/panel-messages.ts';
import { showProblem } from './show-problem.ts';
import { createStatusBar } from './status-bar.ts';
import { createClusterTree } from './tree/cluster-tree.ts';
import { createLabTree } from './tree/lab-tree.ts';
import { isTrusted } from './trust.ts';

export async function activate(context: vscode.ExtensionContext) {
  const course = await loadCourse(context.extensionPath);
  const program = createMallaProgram({
    nodePath: process.execPath,
    entry: programEntry(context),
    env: process.env,
  });
  const cluster = createClusterSession(program);
  const sessions = createLabSessions(course.labs, program, cluster);
  const folder = createWorkFolder();
  const terminals = createTerminals(context.globalStorageUri.fsPath);
  const startCluster = () => startWithProgress(cluster);
  const gate = createGate(cluster, startCluster);
  const work = createLabWork({ sessions, cluster, folder, terminals });
  const panels = createLabPanels({
    extensionUri: context.extensionUri,
    sessions,
    cluster,
    folder,
    memory: createMemory(context.workspaceState),
    onMessage: createPanelMessages({ gate, work, sessions }),
  });
  const tree = createLabTree(sessions);
  const statusBar = createStatusBar(cluster);

  context.subscriptions.push(
    registerCommands(
      {
        ...clusterCommands({ cluster, sessions, terminals, startCluster }),
        ...labCommands({ cluster, sessions, panels, work }),
      },
      gate,
    ),
    tree,
    createClusterTree(cluster),
    statusBar,
    panels,
    terminals,
    folder,
    sessions,
    cluster.onChange(({ state, access }) => {
      setContextKey('malla.clusterState', state);
      setContextKey('malla.clusterRunning', access !== undefined);
    }),
    panels.onFront((panel) => {
      setContextKey('malla.labInFront', panel !== undefined);
      statusBar.show(panel && sessions.of(panel.lab)?.lab.title);
    }),
    // Someone may have started or stopped the cluster in a terminal meanwhile.
    vscode.window.onDidChangeWindowState(({ focused }) => focused && isTrusted() && void cluster.refresh()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void look()),
  );
  setContextKey('malla.clusterState', cluster.now.state);
  void showProblem(course.problem);
  if (isTrusted()) void look();
  return { tree: tree.provider, cluster, sessions, panels };

  async function look(): Promise<void> {
    await Promise.all([cluster.refresh(), sessions.refreshPassed()]);
  }
}

/** Tests of the extension put a program of their own in the place of Malla's. */
function programEntry({ extensionMode, extensionPath }: vscode.ExtensionContext): string {
  const own = join(extensionPath, 'dist', 'malla.mjs');
  return extensionMode === vscode.ExtensionMode.Production ? own : (process.env.MALLA_TEST_PROGRAM ?? own);
}
