// The commands about the cluster.
import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Terminals } from '../actions/terminals.ts';
import { attachCluster } from '../choice/attach-cluster.ts';
import { chooseCluster, releaseCluster } from '../choice/choose-cluster.ts';
import { createKind } from '../choice/create-kind.ts';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import type { Inventory, InventoryReader } from '../cluster/inventory-reader.ts';
import type { MallaProgram } from '../cluster/malla-program.ts';
import type { ClusterIdentity } from '../cluster/program-output.ts';
import { t } from '../l10n.ts';
import type { LabSessions } from '../lab-sessions.ts';
import type { SinglePanel } from '../panel/single-panel.ts';
import { showProblem } from '../show-problem.ts';
import { clusterName } from '../tree/cluster-name.ts';
import type { RecentVerdicts } from '../tree/recent-verdicts.ts';
import { type CommandName, commandId, type Handlers } from './command-table.ts';
import { commandTitle } from './command-title.ts';

/** What is not about a lab. */
export type ClusterCommands = Pick<
  Handlers,
  | 'startCluster'
  | 'stopCluster'
  | 'deleteCluster'
  | 'showCluster'
  | 'chooseCluster'
  | 'createKind'
  | 'attachCluster'
  | 'releaseCluster'
  | 'openEntry'
  | 'showViews'
  | 'proxyLog'
  | 'proxyRoutes'
  | 'copyKubeconfig'
  | 'copyEntry'
  | 'clearVerdicts'
>;

export interface ClusterCommandsOptions {
  program: MallaProgram;
  cluster: ClusterSession;
  sessions: LabSessions;
  terminals: Terminals;
  views: SinglePanel;
  reader: InventoryReader;
  recent: RecentVerdicts;
  startCluster(): Promise<boolean>;
}

export function clusterCommands(options: ClusterCommandsOptions): ClusterCommands {
  const { program, cluster, sessions, terminals, views, reader, recent, startCluster } = options;
  const onChanged = async (): Promise<void> => {
    terminals.closeAll();
    await sessions.refreshPassed();
    const { identity } = cluster.now;
    vscode.window.setStatusBarMessage(t('Malla: ahora se trabaja en {0}', clusterName(identity)), 5000);
    await offerReload(identity, sessions.place);
  };
  const choice = { program, cluster, onChanged };
  return {
    startCluster,
    async stopCluster() {
      await showProblem(await cluster.stop());
    },
    async deleteCluster() {
      const { identity } = cluster.now;
      if (identity.kind === 'kubeadm') return releaseCluster(choice);
      const remove = t('Borrar');
      const chosen = await vscode.window.showWarningMessage(
        t('¿Borrar {0}?', clusterName(identity)),
        { modal: true, detail: t('Se pierde todo lo que hay en él. Tus ficheros no se tocan.') },
        remove,
      );
      if (chosen !== remove) return;
      await showProblem(await cluster.delete());
      await onChanged();
    },
    async showCluster() {
      await cluster.refresh();
      const names: CommandName[] = cluster.now.access
        ? ['openTerminal', 'openEntry', 'showViews', 'copyEntry', 'copyKubeconfig', 'stopCluster', 'deleteCluster']
        : ['startCluster', 'deleteCluster'];
      const items = [...names, 'chooseCluster' as const]
        .filter((name) => cluster.now.identity.kind !== 'kubeadm' || !/^(?:start|stop|delete)/.test(name))
        .map((name) => ({ label: commandTitle(name), name }));
      const chosen = await vscode.window.showQuickPick(items, { placeHolder: clusterName(cluster.now.identity) });
      if (chosen) await vscode.commands.executeCommand(commandId(chosen.name));
    },
    chooseCluster: () => chooseCluster(choice),
    createKind: () => createKind(choice),
    attachCluster: () => attachCluster(choice),
    releaseCluster: () => releaseCluster(choice),
    proxyLog: (node) =>
      onProxy(node, ({ namespace, pod }) => [
        'kubectl',
        'logs',
        pod,
        '-n',
        namespace,
        '-c',
        'istio-proxy',
        '--tail=50',
      ]),
    proxyRoutes: (node) =>
      onProxy(node, ({ namespace, pod }) => ['istioctl', 'proxy-config', 'routes', `${pod}.${namespace}`]),
    clearVerdicts: () => recent.clear(),
    async openEntry() {
      const entry = cluster.now.access?.entry;
      if (entry) await vscode.env.openExternal(vscode.Uri.parse(`${entry}/productpage`));
    },
    showViews: () => views.reveal(),
    copyKubeconfig: () => copy(cluster.now.access?.kubeconfig, t('la ruta de kubeconfig')),
    copyEntry: () => copy(cluster.now.access?.entry, t('la dirección de entrada')),
  };

  /** Of the node of the tree that the command is called with; else of one that is picked. */
  async function onProxy(node: unknown, argv: (proxy: ProxyName) => string[]): Promise<void> {
    const proxy = readProxy(node) ?? (await pickProxy(reader.now));
    const { access } = cluster.now;
    // Names of a cluster are anybody's: those that could not be a pod's are not typed in a terminal.
    if (!proxy || !access || ![proxy.namespace, proxy.pod].every((name) => /^[a-z0-9][a-z0-9.-]*$/.test(name))) return;
    await terminals.show(t('clúster'), homedir(), access, argv(proxy));
  }
}

interface ProxyName {
  namespace: string;
  pod: string;
}

function readProxy(node: unknown): ProxyName | undefined {
  const { type, namespace, name } = (typeof node === 'object' && node !== null ? node : {}) as Record<string, unknown>;
  return type === 'proxy' && typeof namespace === 'string' && typeof name === 'string'
    ? { namespace, pod: name }
    : undefined;
}

async function pickProxy(inventory: Inventory | undefined): Promise<ProxyName | undefined> {
  const items = [...(inventory?.namespaces.values() ?? [])].flatMap(({ name: namespace, proxies }) =>
    proxies.map(({ pod }) => ({ label: pod, description: namespace, namespace, pod })),
  );
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      t('No hay ningún proxy a la vista: abre la vista «Clúster» e inyecta sidecars.'),
    );
    return undefined;
  }
  return vscode.window.showQuickPick(items, { placeHolder: t('¿De qué proxy?') });
}

/** Labs are written for a place when the window opens: another place needs it to open again. */
async function offerReload({ namespace }: ClusterIdentity, place: string | undefined): Promise<void> {
  if (namespace === place) return;
  const reload = t('Recargar la ventana');
  const text = t('En este clúster los laboratorios se escriben de otra manera: recarga la ventana para verlos así.');
  if ((await vscode.window.showInformationMessage(text, reload)) === reload)
    await vscode.commands.executeCommand('workbench.action.reloadWindow');
}

/** Starts the cluster with its progress in a notification; true if it runs in the end. */
export async function startWithProgress(cluster: ClusterSession): Promise<boolean> {
  const problem = await vscode.window.withProgress(
    { location: { viewId: 'malla.cluster' }, title: t('Arrancando {0}…', clusterName(cluster.now.identity)) },
    () => cluster.start(),
  );
  await showProblem(problem);
  return cluster.now.access !== undefined;
}

async function copy(text: string | undefined, what: string): Promise<void> {
  if (text === undefined) return;
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(t('Malla: copiada {0}', what), 3000);
}
