// The status bar item: the cluster's state, the lab in front and the verdict of its step. Clicking it says what can be done.
import * as vscode from 'vscode';
import type { ClusterState, StepMark } from '../webview/protocol.ts';
import type { ClusterSession } from './cluster/cluster-session.ts';
import { shownMark } from './cluster/lab-state.ts';
import { commandId } from './commands/command-table.ts';
import { t } from './l10n.ts';
import type { LabSessions } from './lab-sessions.ts';
import type { LabPanels } from './panel/lab-panels.ts';
import { clusterName } from './tree/cluster-name.ts';
import { markName } from './tree/mark-name.ts';

export interface StatusBarOptions {
  cluster: ClusterSession;
  sessions: LabSessions;
  panels: LabPanels;
}

const faces: Record<ClusterState, { icon: string; text(): string }> = {
  desconocido: { icon: '$(circle-outline)', text: () => 'Malla' },
  parado: { icon: '$(circle-outline)', text: () => t('Clúster parado') },
  arrancando: { icon: '$(loading~spin)', text: () => t('Arrancando clúster…') },
  'en marcha': { icon: '$(circle-filled)', text: () => t('Clúster en marcha') },
  parando: { icon: '$(loading~spin)', text: () => t('Parando clúster…') },
};

export function createStatusBar({ cluster, sessions, panels }: StatusBarOptions): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('malla.cluster', vscode.StatusBarAlignment.Left, 10);
  item.name = t('Malla: clúster');
  item.command = commandId('showCluster');
  const draw = (): void => {
    const { state, access, identity } = cluster.now;
    const { icon, text } = faces[state];
    const lab = labInFront({ sessions, panels });
    const said = text();
    item.text = [`${icon} ${said}`, ...(lab ? [`${lab.title} ${lab.icon}`.trimEnd()] : [])].join(' · ');
    item.tooltip = access
      ? t('{0}\nEntrada: {1}\nkubeconfig: {2}', clusterName(identity), access.entry ?? t('ninguna'), access.kubeconfig)
      : t('{0} no está en marcha. Pulsa para ver qué hacer.', clusterName(identity));
    const label = lab ? t('Malla: {0}, laboratorio {1}', said, lab.said) : `Malla: ${said}`;
    item.accessibilityInformation = { label, role: 'button' };
  };
  draw();
  item.show();
  return vscode.Disposable.from(item, cluster.onChange(draw), panels.onFront(draw), sessions.onChange(draw));
}

const verdictIcons: Partial<Record<StepMark, string>> = {
  correcto: '$(pass-filled)',
  superado: '$(pass)',
  incorrecto: '$(error)',
  'no verificable': '$(question)',
  comprobando: '$(loading~spin)',
};

/** The lab of the panel in front, with the verdict of its step. */
function labInFront({ sessions, panels }: Pick<StatusBarOptions, 'sessions' | 'panels'>) {
  const { front } = panels;
  const session = front && sessions.of(front.lab);
  if (!session) return undefined;
  const { title } = session.lab;
  const mark = shownMark(session.now.steps[front.page]);
  const icon = verdictIcons[mark] ?? '';
  return { title, icon, said: icon ? `${title}, ${markName(mark)}` : title };
}
