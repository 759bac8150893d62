// What the palette calls a command, in the language of the editor: VS Code has already put the texts in package.json.
import * as vscode from 'vscode';
import { type CommandName, commandId, commandTable } from './command-table.ts';

interface Contributing {
  contributes: { commands: readonly { command: string; title: string }[] };
}

export function commandTitle(name: CommandName): string {
  const manifest = vscode.extensions.getExtension('malla.malla')?.packageJSON as Contributing | undefined;
  return manifest?.contributes.commands.find((c) => c.command === commandId(name))?.title ?? commandTable[name].title;
}
