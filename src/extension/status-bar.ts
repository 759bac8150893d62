// The status bar item: the cluster's state and the lab in front. Clicking it says what can be done.
import * as vscode from 'vscode';
import type { ClusterState } from '../webview/protocol.ts';
import type { ClusterSession } from './cluster/cluster-session.ts';
import { commandId } from './commands/command-table.ts';
import { t } from './l10n.ts';
import type { LabSessions } from './lab-sessions.ts';
import type { LabPanels } from './panel/lab-panels.ts';

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
    const { state, access } = cluster.now;
    const { icon, text } = faces[state];
    const lab = panels.front && sessions.of(panels.front.lab)?.lab.title;
    const said = text();
    item.text = [`${icon} ${said}`, ...(lab ? [lab] : [])].join(' · ');
    item.tooltip = access
      ? t(
          'Clúster embebido (simulador)\nEntrada: {0}\nkubeconfig: {1}',
          access.entry ?? t('ninguna'),
          access.kubeconfig,
        )
      : t('El clúster embebido de Malla (simulador) no está en marcha. Pulsa para ver qué hacer.');
    const label = lab ? t('Malla: {0}, laboratorio {1}', said, lab) : `Malla: ${said}`;
    item.accessibilityInformation = { label, role: 'button' };
  };
  draw();
  item.show();
  return vscode.Disposable.from(item, cluster.onChange(draw), panels.onFront(draw));
}
