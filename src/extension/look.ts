// When the extension looks at the cluster and the progress by itself: on waking up, when trust is given, and when the
// window comes to the front, because someone may have used a terminal meanwhile. Never on a timer.
import * as vscode from 'vscode';
import type { ClusterSession } from './cluster/cluster-session.ts';
import type { LabSessions } from './lab-sessions.ts';
import { isTrusted } from './trust.ts';

export function lookAtTheRightTimes(cluster: ClusterSession, sessions: LabSessions): vscode.Disposable {
  const look = (): void => {
    if (!isTrusted()) return;
    void cluster.refresh();
    setImmediate(() => void sessions.refreshPassed());
  };
  // Starting a program takes the editor's thread a while: after everything else, and one at a time.
  const first = setImmediate(look);
  return vscode.Disposable.from(
    { dispose: () => clearImmediate(first) },
    vscode.workspace.onDidGrantWorkspaceTrust(look),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) look();
    }),
  );
}
