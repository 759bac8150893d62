// The status bar item: the cluster's state and the lab in front. Clicking it says what can be done.
import * as vscode from 'vscode';
import type { ClusterState } from '../webview/protocol.ts';
import type { ClusterSession } from './cluster/cluster-session.ts';
import { commandId } from './commands/command-table.ts';

export interface StatusBar extends vscode.Disposable {
  show(labTitle: string | undefined): void;
}

const faces: Record<ClusterState, { icon: string; text: string }> = {
  desconocido: { icon: '$(circle-outline)', text: 'Malla' },
  parado: { icon: '$(circle-outline)', text: 'Clúster parado' },
  arrancando: { icon: '$(loading~spin)', text: 'Arrancando clúster…' },
  'en marcha': { icon: '$(circle-filled)', text: 'Clúster en marcha' },
  parando: { icon: '$(loading~spin)', text: 'Parando clúster…' },
};

export function createStatusBar(cluster: ClusterSession): StatusBar {
  const item = vscode.window.createStatusBarItem('malla.cluster', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Malla: clúster';
  item.command = commandId('showCluster');
  let lab: string | undefined;
  const draw = (): void => {
    const { state, access } = cluster.now;
    const { icon, text } = faces[state];
    item.text = [`${icon} ${text}`, ...(lab ? [lab] : [])].join(' · ');
    item.tooltip = access
      ? `Clúster embebido (simulador)\nEntrada: ${access.entry ?? 'ninguna'}\nkubeconfig: ${access.kubeconfig}`
      : 'El clúster embebido de Malla (simulador) no está en marcha. Pulsa para ver qué hacer.';
    item.accessibilityInformation = { label: `Malla: ${text}${lab ? `, laboratorio ${lab}` : ''}`, role: 'button' };
  };
  const listening = cluster.onChange(draw);
  draw();
  item.show();
  return {
    show(labTitle) {
      lab = labTitle;
      draw();
    },
    dispose() {
      listening.dispose();
      item.dispose();
    },
  };
}
