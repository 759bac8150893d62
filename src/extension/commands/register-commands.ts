// Registers the command table. The gate is passed here, so that no handler forgets it.
import * as vscode from 'vscode';
import type { Gate } from '../gate.ts';
import { type CommandName, commandId, commandTable, type Handlers } from './command-table.ts';

export function registerCommands(handlers: Handlers, gate: Gate): vscode.Disposable {
  const names = Object.keys(commandTable) as CommandName[];
  return vscode.Disposable.from(
    ...names.map((name) => {
      // Arguments come from menus, links and other extensions: each handler checks its own.
      const handler = handlers[name] as (...args: unknown[]) => unknown;
      return vscode.commands.registerCommand(commandId(name), async (...args: unknown[]) =>
        (await gate.passes(commandTable[name])) ? handler(...args) : undefined,
      );
    }),
  );
}
