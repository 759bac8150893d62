// Tasks of the kind `malla`, for tasks.json and «Run Task»: verify a lab, measure a split, apply a file. Each runs the same
// program as the panel, with KUBECONFIG and the tools on PATH.
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import { t } from '../l10n.ts';
import type { LabSessions } from '../lab-sessions.ts';
import { readTask, type TaskOrder, taskArguments } from './task-order.ts';
import type { WorkFolder } from './work-folder.ts';

export const taskType = 'malla';

export interface MallaTasksOptions {
  /** What runs JavaScript, and dist/malla.mjs. */
  start: { nodePath: string; entry: string };
  sessions: LabSessions;
  cluster: ClusterSession;
  folder: WorkFolder;
}

export function createMallaTasks({ start, sessions, cluster, folder }: MallaTasksOptions): vscode.TaskProvider {
  const taskOf = (order: TaskOrder, definition: vscode.TaskDefinition, name: string): vscode.Task => {
    const where = folder.now.path;
    const { access } = cluster.now;
    const execution = new vscode.ProcessExecution(
      start.nodePath,
      ['--disable-warning=ExperimentalWarning', start.entry, ...taskArguments(order, where, access)],
      {
        ...(where ? { cwd: order.orden === 'verificar' ? where : join(where, order.carpeta ?? '') } : {}),
        env: { ELECTRON_RUN_AS_NODE: '1', ...(access?.env ?? {}) },
      },
    );
    const task = new vscode.Task(definition, vscode.TaskScope.Workspace, name, 'malla', execution, []);
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true };
    if (order.orden === 'verificar') task.group = vscode.TaskGroup.Test;
    return task;
  };
  return {
    provideTasks: () =>
      sessions.labs
        .filter(({ chapter }) => !chapter)
        .map(({ id, title }) => {
          const definition = { type: taskType, orden: 'verificar', lab: id } as const;
          return taskOf(definition, definition, t('verificar {0}', title));
        }),
    resolveTask({ definition, name }) {
      const order = readTask(definition);
      // The definition is kept as it is: the editor knows the task by it.
      return order && taskOf(order, definition, name);
    },
  };
}
