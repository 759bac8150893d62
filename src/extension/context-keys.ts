// The `when` keys that package.json reads, in one typed place.
import * as vscode from 'vscode';

export interface ContextKeys {
  /** A cluster is running. */
  'malla.clusterRunning': boolean;
  /** What the view's welcome offers. */
  'malla.clusterState': 'desconocido' | 'parado' | 'arrancando' | 'en marcha' | 'parando';
  /** A lab panel is the active editor. */
  'malla.labInFront': boolean;
}

export function setContextKey<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
