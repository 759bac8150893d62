// The parts of package.json that follow from the command table. contributions.test.ts holds both together.
import { type CommandDeclaration, type CommandName, commandId, commandTable } from './commands/command-table.ts';

interface ContributedCommand {
  command: string;
  title: string;
  category: string;
  icon?: string;
  enablement?: string;
}

export const viewId = 'malla.labs';
export const clusterViewId = 'malla.cluster';
export const panelType = 'malla.lab';
export const viewsPanelType = 'malla.views';

const declarations = Object.entries(commandTable) as [CommandName, CommandDeclaration][];

/** `contributes.commands`. The titles are in package.nls.json. */
export function contributedCommands(): ContributedCommand[] {
  return declarations.map(([name, { icon, reads }]) => ({
    command: commandId(name),
    title: `%command.${name}%`,
    category: 'Malla',
    ...(icon ? { icon } : {}),
    ...(reads ? {} : { enablement: 'isWorkspaceTrusted' }),
  }));
}

/** `contributes.menus.commandPalette`: a command shows where it can do something. */
export function paletteMenu(): { command: string; when: string }[] {
  return declarations.flatMap(([name, { palette, withoutCluster, needsLab, needsIstioFile }]) => {
    const conditions = palette
      ? [
          ...(withoutCluster === 'hides' ? ['malla.clusterRunning'] : []),
          ...(needsLab ? ['malla.labInFront'] : []),
          ...(needsIstioFile ? ['malla.istioFile'] : []),
        ]
      : ['false'];
    return conditions.length > 0 ? [{ command: commandId(name), when: conditions.join(' && ') }] : [];
  });
}

/** `contributes.menus.editor/context`: what can be done with a file of Istio's. */
export function editorMenu(): { command: string; when: string; group: string }[] {
  return declarations
    .filter(([, { needsIstioFile }]) => needsIstioFile)
    .map(([name], index) => ({ command: commandId(name), when: 'malla.istioFile', group: `malla@${index + 1}` }));
}
