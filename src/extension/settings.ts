// The settings of package.json, typed, with the defaults that it declares (contributions.test.ts holds both together).
import * as vscode from 'vscode';

export interface Settings {
  /** Malla's own folder; '' is the usual one of the machine. */
  home: string;
  /** Which shell the terminals have. */
  'terminal.shell': 'auto' | 'sistema' | 'malla';
  /** What is told by itself: a lab that ends, a cluster that stops answering. */
  notifications: boolean;
}

export const settingsSection = 'malla';

export function setting<Name extends keyof Settings>(name: Name): Settings[Name] {
  const found = vscode.workspace.getConfiguration(settingsSection).get(name);
  return (found ?? defaultSettings[name]) as Settings[Name];
}

export const defaultSettings: Settings = { home: '', 'terminal.shell': 'auto', notifications: true };

/** A setting that is read when the window opens has changed: offers to open it again. */
export function watchHome(tell: () => Promise<boolean>): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration(async (event) => {
    if (!event.affectsConfiguration(`${settingsSection}.home`)) return;
    if (await tell()) await vscode.commands.executeCommand('workbench.action.reloadWindow');
  });
}
