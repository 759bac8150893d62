// The commands about the file of Istio's in front: from the palette, its menu, or the lenses of a VirtualService.
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { RouteName } from '../../language/explain-route.ts';
import type { Probe } from '../../language/preview/probes.ts';
import type { Terminals } from '../actions/terminals.ts';
import type { ClusterSession } from '../cluster/cluster-session.ts';
import type { MallaProgram } from '../cluster/malla-program.ts';
import type { Handlers } from '../commands/command-table.ts';
import { t } from '../l10n.ts';
import { showProblem } from '../show-problem.ts';
import { keyOfUri } from './convert.ts';
import type { IstioHelp } from './istio-help.ts';
import { readMeasuredSplit } from './measured-split.ts';

export type IstioCommands = Pick<Handlers, 'applyFile' | 'previewChange' | 'explainRoute' | 'measureRoute'>;

export interface IstioCommandsOptions {
  help: IstioHelp;
  program: MallaProgram;
  cluster: ClusterSession;
  terminals: Terminals;
}

export function istioCommands({ help, program, cluster, terminals }: IstioCommandsOptions): IstioCommands {
  const { client, pages, lenses } = help;
  return {
    async applyFile() {
      const document = front(help);
      if (!document || !cluster.now.access) return;
      if (document.uri.scheme !== 'file') return say(t('Guarda antes el fichero en el disco: kubectl lo lee de ahí.'));
      if (document.isDirty && !(await document.save())) return;
      const path = document.uri.fsPath;
      const folder = vscode.workspace.getWorkspaceFolder(document.uri)?.uri.fsPath ?? dirname(path);
      const argv = ['kubectl', 'apply', '-f', vscode.workspace.asRelativePath(document.uri, false)];
      await terminals.show('aplicar', folder, cluster.now.access, argv);
    },
    async previewChange() {
      const document = front(help);
      if (!document) return;
      const page = await client.ask('preview', { uri: keyOfUri(document.uri) });
      if (page === undefined) return say(t('En este fichero no hay todavía ningún objeto que se pueda leer entero.'));
      pages.show(t('Qué cambiaría'), page);
    },
    async explainRoute(route) {
      const document = front(help);
      if (!document) return;
      const uri = keyOfUri(document.uri);
      const named = readRoute(route);
      const probes = (await client.ask('probes', { uri, ...(named && { route: named }) })) ?? [];
      if (probes.length === 0)
        return say(t('No sé de ninguna petición que pase por aquí: mira los hosts y las pasarelas.'));
      const probe = await pickProbe(probes);
      const page = probe && (await client.ask('explain', { uri, probe }));
      if (page !== undefined) pages.show(t('Una petición'), page);
    },
    async measureRoute(route) {
      const document = front(help);
      const access = cluster.now.access;
      if (!document || !access) return;
      const chosen = readRoute(route) ?? (await pickRoute(help, document));
      if (!chosen) return;
      const args = ['medir', chosen.name, '--espacio', chosen.namespace, '--json', '--kubeconfig', access.kubeconfig];
      const outcome = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: t('Midiendo el reparto de {0}…', chosen.name) },
        () => program.run([...args, ...(access.entry ? ['--entrada', access.entry] : [])]),
      );
      const split = readMeasuredSplit(outcome.value);
      if (split) await lenses.showSplit(document, split);
      else await showProblem(outcome.problem);
    },
  };
}

function front({ documents }: IstioHelp): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (document && documents.has(document)) return document;
  void vscode.window.showInformationMessage(t('Abre antes un fichero YAML con objetos de Istio.'));
  return undefined;
}

function say(text: string): void {
  void vscode.window.showInformationMessage(text);
}

/** Arguments come from lenses, and from whoever calls the command. */
function readRoute(value: unknown): RouteName | undefined {
  const { name, namespace } = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<keyof RouteName, unknown>
  >;
  return typeof name === 'string' && typeof namespace === 'string' ? { name, namespace } : undefined;
}

async function pickRoute({ client }: IstioHelp, { uri }: vscode.TextDocument): Promise<RouteName | undefined> {
  const routes = (await client.ask('routes', { uri: keyOfUri(uri) })) ?? [];
  if (routes.length === 0) return void say(t('En este fichero no hay ningún VirtualService.'));
  if (routes.length === 1) return routes[0];
  const items = routes.map((route) => ({ label: route.name, description: route.namespace, route }));
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Elige un VirtualService') }))?.route;
}

async function pickProbe(probes: readonly Probe[]): Promise<Probe | undefined> {
  const items = probes.map((probe) => ({ label: probe.title, description: t('desde {0}', probe.from), probe }));
  const other = {
    label: `$(edit) ${t('Otra petición…')}`,
    description: t('elige camino y cabeceras'),
    probe: undefined,
  };
  const chosen = await vscode.window.showQuickPick([...items, other], { placeHolder: t('Elige una petición') });
  if (!chosen) return undefined;
  return chosen.probe ?? writeProbe(probes);
}

/** From one of the clients that the route has, with a path and headers of the student's own. */
async function writeProbe(probes: readonly Probe[]): Promise<Probe | undefined> {
  const clients = [...new Map(probes.map((probe) => [`${probe.from} ${probe.request.authority}`, probe])).values()];
  const items = clients.map((probe) => ({
    label: probe.from,
    description: t('a {0}', probe.request.authority),
    probe,
  }));
  const base =
    items.length > 1
      ? (await vscode.window.showQuickPick(items, { placeHolder: t('¿Quién la envía, y a quién?') }))?.probe
      : clients[0];
  if (!base) return undefined;
  const path = await vscode.window.showInputBox({
    prompt: t('Camino de la petición'),
    value: base.request.path,
    validateInput: (text) => (text.startsWith('/') ? undefined : t('Empieza por «/».')),
  });
  if (path === undefined) return undefined;
  const written = await vscode.window.showInputBox({
    prompt: t('Cabeceras, separadas por punto y coma; vacío si ninguna'),
    placeHolder: 'end-user: jason; x-prueba: 1',
    validateInput: (text) => (readHeaders(text) ? undefined : t('Escríbelas como «nombre: valor».')),
  });
  const headers = written === undefined ? undefined : readHeaders(written);
  if (!headers) return undefined;
  const said = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const title = `GET ${base.request.authority}${path}${said.length > 0 ? ` (${said.join(', ')})` : ''}`;
  return { ...base, title, request: { ...base.request, method: 'GET', path, headers } };
}

export function readHeaders(text: string): Record<string, string> | undefined {
  const pairs = text
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '');
  const read = pairs.map((pair) => /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(pair));
  if (read.includes(null)) return undefined;
  return Object.fromEntries(read.flatMap((found) => (found?.[1] ? [[found[1].toLowerCase(), found[2] ?? '']] : [])));
}
