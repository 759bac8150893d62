// The parts of package.json that follow from the command table. contributions.test.ts holds both together.
import { type CommandDeclaration, type CommandName, commandId, commandTable } from './commands/command-table.ts';

interface ContributedCommand {
  command: string;
  title: string;
  category: string;
  icon: string;
  enablement?: string;
}

export const viewId = 'malla.labs';
export const clusterViewId = 'malla.cluster';
export const verdictsViewId = 'malla.verdicts';
export const panelType = 'malla.lab';
export const viewsPanelType = 'malla.views';
export const gradingPanelType = 'malla.grading';
/** With the name of the extension before it, as the editor wants it. */
export const walkthroughId = 'malla.malla#inicio';
export const testControllerId = 'malla.tests';

const declarations = Object.entries(commandTable) as [CommandName, CommandDeclaration][];

/** `contributes.commands`. The titles are in package.nls.json. */
export function contributedCommands(): ContributedCommand[] {
  return declarations.map(([name, { icon, reads }]) => ({
    command: commandId(name),
    title: `%command.${name}%`,
    category: 'Malla',
    icon,
    ...(reads ? {} : { enablement: 'isWorkspaceTrusted' }),
  }));
}

interface MenuEntry {
  command: string;
  when?: string;
  group?: string;
}

/** `contributes.menus`. */
export function contributedMenus(): Record<string, MenuEntry[]> {
  return {
    commandPalette: paletteMenu(),
    'view/title': viewTitleMenu(),
    'view/item/context': treeMenu(),
    'testing/item/context': [entry('openStep', `controllerId == ${testControllerId}`, 'malla@1')],
    'editor/context': editorMenu(),
  };
}

/** A command shows where it can do something. */
function paletteMenu(): MenuEntry[] {
  return declarations.flatMap(([name, { withoutCluster, needsLab, needsIstioFile, when }]) => {
    const conditions = [
      ...(withoutCluster === 'hides' ? ['malla.clusterRunning'] : []),
      ...(needsLab ? ['malla.labInFront'] : []),
      ...(needsIstioFile ? ['malla.istioFile'] : []),
      ...(when ? [when] : []),
    ];
    return conditions.length > 0 ? [entry(name, conditions.join(' && '))] : [];
  });
}

function viewTitleMenu(): MenuEntry[] {
  const running = `view == ${clusterViewId} && malla.clusterRunning`;
  return [
    entry('openTerminal', running, 'navigation@1'),
    entry('showViews', running, 'navigation@2'),
    entry('stopCluster', `${running} && malla.clusterKind != 'kubeadm'`, 'navigation@3'),
    entry('chooseCluster', `view == ${clusterViewId}`, 'navigation@4'),
    entry('copyEntry', running, '1_copy@1'),
    entry('copyKubeconfig', running, '1_copy@2'),
    entry('createKind', `view == ${clusterViewId}`, '2_other@1'),
    entry('attachCluster', `view == ${clusterViewId}`, '2_other@2'),
    entry('releaseCluster', `view == ${clusterViewId} && malla.clusterKind == 'kubeadm'`, '3_delete'),
    entry('deleteCluster', `view == ${clusterViewId} && malla.clusterKind != 'kubeadm'`, '3_delete'),
    entry('clearVerdicts', `view == ${verdictsViewId}`, 'navigation'),
    entry('openLab', `view == ${viewId}`, '1_help@1'),
    entry('openWalkthrough', `view == ${viewId}`, '1_help@2'),
    entry('handIn', `view == ${viewId}`, '2_grading@1'),
    entry('gradeClass', `view == ${viewId}`, '2_grading@2'),
    entry('openTests', `view == ${viewId}`, 'navigation@1'),
    entry('refresh', `view == ${viewId}`, 'navigation@2'),
  ];
}

/** Of labs, steps and proxies; what each does is in the palette too. */
function treeMenu(): MenuEntry[] {
  const onProxy = `view == ${clusterViewId} && viewItem == proxy`;
  const onCluster = (item: string): string => `view == ${clusterViewId} && viewItem == ${item}`;
  const onLab = `view == ${viewId} && viewItem == lab`;
  const onStep = `view == ${viewId} && viewItem =~ /^(step|check)$/`;
  return [
    entry('verifyStep', onStep, 'inline'),
    entry('openStep', `view == ${viewId}`, '1_open@1'),
    entry('verifyStep', onStep, '1_open@2'),
    entry('openTerminal', onLab, '1_open@3'),
    entry('prepareLab', onLab, '2_change@1'),
    entry('showSolution', onStep, '2_change@2'),
    entry('applySolution', onStep, '2_change@3'),
    entry('chooseCluster', onCluster('cluster'), 'inline'),
    entry('copyEntry', onCluster('entry'), 'inline'),
    entry('copyKubeconfig', onCluster('kubeconfig'), 'inline'),
    entry('proxyLog', onProxy, 'inline'),
    entry('proxyLog', onProxy, '1_look@1'),
    entry('proxyRoutes', onProxy, '1_look@2'),
  ];
}

/** What can be done with a file of Istio's. */
function editorMenu(): MenuEntry[] {
  return declarations
    .filter(([, { needsIstioFile }]) => needsIstioFile)
    .map(([name], index) => entry(name, 'malla.istioFile', `malla@${index + 1}`));
}

function entry(name: CommandName, when: string, group?: string): MenuEntry {
  return { command: commandId(name), when, ...(group ? { group } : {}) };
}
