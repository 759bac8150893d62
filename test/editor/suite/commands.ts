// Commands and settings of which no story tells: each does what its title says, in the real editor.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension/test-api.ts';
import { calls, clearStage, eventually, extension, file, write, writeLines } from './stage.ts';

/** What the editor would ask or show, answered by a test. */
type Answers = Partial<
  Record<
    'showQuickPick' | 'showWarningMessage' | 'showInformationMessage' | 'showSaveDialog' | 'showInputBox',
    (...asked: unknown[]) => unknown
  >
>;

async function answering<T>(answers: Answers, work: () => Promise<T>): Promise<T> {
  const window = vscode.window as unknown as Record<string, unknown>;
  const before = Object.fromEntries(Object.keys(answers).map((name) => [name, window[name]]));
  Object.assign(window, answers);
  try {
    return await work();
  } finally {
    Object.assign(window, before);
  }
}

/** What goes to the clipboard or to the browser while `work` is done. A browser's clipboard needs a person. */
async function sentOut(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const env = vscode.env as unknown as Record<string, unknown>;
  const before = { ...Object.getOwnPropertyDescriptors(env) };
  const put = (name: string, value: unknown) => Object.defineProperty(env, name, { value, configurable: true });
  put('clipboard', { writeText: async (text: string) => void sent.push(text) });
  put('openExternal', async (uri: vscode.Uri) => sent.push(uri.toString(true)) > 0);
  try {
    await work();
  } finally {
    for (const name of ['clipboard', 'openExternal'] as const)
      if (before[name]) Object.defineProperty(env, name, before[name]);
  }
  return sent;
}

const run = (name: string, ...args: unknown[]) => vscode.commands.executeCommand(`malla.${name}`, ...args);
const tabsOf = (type: string): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(type));

async function withSetting(name: string, value: unknown, work: () => Promise<void>): Promise<void> {
  const settings = () => vscode.workspace.getConfiguration('malla');
  await settings().update(name, value, vscode.ConfigurationTarget.Global);
  try {
    await work();
  } finally {
    await settings().update(name, undefined, vscode.ConfigurationTarget.Global);
  }
}

export function defineCommands(): void {
  describe('commands and settings', () => {
    let api: TestApi;
    before(async () => {
      api = await extension();
    });
    beforeEach(clearStage);
    afterEach(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      for (const terminal of vscode.window.terminals) terminal.dispose();
      await api.cluster.stop();
      clearStage();
    });

    const aLab = () => {
      const lab = api.sessions.labs.find((l) => !l.chapter && !l.machines && l.requires.length === 0);
      const step = lab?.steps.find((s) => s.checks.length > 0);
      assert(lab && step);
      return { lab, step };
    };
    const folder = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';

    it('the cluster is deleted by who says so, and by nobody else', async () => {
      await api.cluster.start();
      await answering({ showWarningMessage: async () => undefined }, async () => run('deleteCluster'));
      assert.equal(api.cluster.now.state, 'en marcha');
      const asked: unknown[] = [];
      const yes = async (...all: unknown[]) => {
        asked.push(all);
        return 'Borrar';
      };
      await answering({ showWarningMessage: yes }, async () => run('deleteCluster'));
      assert.match(JSON.stringify(asked), /Tus ficheros no se tocan/);
      assert(calls().includes('cluster borrar --json'), calls().join('\n'));
      assert.equal(api.cluster.now.state, 'parado');
    });

    it('«qué hacer…» offers what can be done with the cluster as it is, and does it', async () => {
      const offered: string[][] = [];
      const pick = (label: RegExp) => async (items: unknown) => {
        const all = items as { label: string }[];
        offered.push(all.map((item) => item.label));
        return all.find((item) => label.test(item.label));
      };
      await answering({ showQuickPick: pick(/Iniciar clúster/) }, async () => run('showCluster'));
      await eventually(() => api.cluster.now.state === 'en marcha');
      await answering({ showQuickPick: pick(/Parar clúster/) }, async () => run('showCluster'));
      await eventually(() => api.cluster.now.state === 'parado');
      assert(!offered[0]?.some((label) => /Parar/.test(label)) && !offered[1]?.some((label) => /Iniciar/.test(label)));
    });

    it('copies the kubeconfig and the entry, and opens the page of the mesh in the browser', async () => {
      await api.cluster.start();
      const sent = await sentOut(async () => {
        await run('copyKubeconfig');
        await run('copyEntry');
        await run('openEntry');
      });
      assert.deepEqual(sent, [file('kubeconfig'), 'http://127.0.0.1:1', 'http://127.0.0.1:1/productpage']);
    });

    it('asks a proxy for its routes in a terminal; from the palette, of a proxy that is picked', async () => {
      writeLines('inventario.jsonl', {
        event: 'namespace',
        namespace: {
          name: 'default',
          injected: true,
          pods: 1,
          ready: 1,
          services: [],
          proxies: [{ pod: 'reviews-v1-x', kind: 'sidecar', ready: true, node: 'arya', version: '1.30.0' }],
        },
      });
      await vscode.commands.executeCommand('malla.cluster.focus');
      await api.cluster.start();
      await eventually(() => api.clusterTree.reader.now?.namespaces.size === 1);
      const first = async (items: unknown) => (items as unknown[])[0];
      await answering({ showQuickPick: first }, async () => run('proxyRoutes'));
      await eventually(() => vscode.window.terminals.find(({ name }) => name === 'Malla: clúster'));
    });

    it('turns the pages of a lab, and stays at the first and at the last', async () => {
      const { lab } = aLab();
      await run('openLab', lab.id);
      const panel = await eventually(() => api.panels.front);
      const [first, second] = lab.steps;
      panel.reveal('');
      await run('previousStep');
      assert.equal(panel.page, '');
      await run('nextStep');
      await run('nextStep');
      assert.equal(panel.page, second?.id);
      await run('previousStep');
      assert.equal(panel.page, first?.id);
      panel.reveal(lab.steps.at(-1)?.id);
      await run('nextStep');
      assert.equal(panel.page, lab.steps.at(-1)?.id);
    });

    it('hints and the solution are asked of the panel in front', async () => {
      const { lab, step } = aLab();
      await run('openStep', lab.id, step.id);
      const panel = await eventually(() => api.panels.front);
      const asked: string[] = [];
      const { nextHint, showSolution } = panel;
      panel.nextHint = () => void asked.push('hint');
      panel.showSolution = () => void asked.push('solution');
      await run('nextHint');
      await run('showSolution');
      Object.assign(panel, { nextHint, showSolution });
      assert.deepEqual(asked, ['hint', 'solution']);
    });

    it('what the buttons of a step do can be picked from a list', async () => {
      const found = api.sessions.labs
        .flatMap((lab) => lab.steps.map((step) => ({ lab, step })))
        .find(({ lab, step }) => api.actionsOf(lab, step.id).some(({ type }) => type === 'file'));
      assert(found);
      const { lab, step } = found;
      const action = api.actionsOf(lab, step.id).find(({ type }) => type === 'file');
      assert(action?.type === 'file');
      await run('openStep', lab.id, step.id);
      const create = async (items: unknown) =>
        (items as { label: string }[]).find(({ label }) => label.includes(`Crear ${action.path}`));
      await answering({ showQuickPick: create }, async () => run('stepActions'));
      assert(existsSync(join(folder(), lab.id, action.path)));
    });

    it('the traffic of a lab is stopped and goes on', async () => {
      const { lab, step } = aLab();
      writeLines('follow.jsonl', { event: 'traffic', rate: 10 });
      await api.cluster.start();
      await run('openStep', lab.id, step.id);
      await eventually(() => api.sessions.of(lab.id)?.now.traffic);
      await run('toggleTraffic');
      await eventually(() => calls().includes('order {"do":"traffic","flow":false}'));
    });

    it('nothing is handed in before it is shown and agreed to, nor without a place for it', async () => {
      const told = {
        student: 'a123',
        bytes: 2048,
        sealed: true,
        labs: [{ lab: 'canary', title: 'Despliegue canary', steps: 5, right: 3 }],
        files: ['canary/reviews.yaml'],
        objects: [],
        records: 12,
      };
      write('entregar.json', told);
      const shown: unknown[] = [];
      const target = join(folder(), 'entrega.zip');
      const save = (answer: string | undefined) => ({
        showInformationMessage: async (...all: unknown[]) => {
          shown.push(all);
          return answer;
        },
        showSaveDialog: async () => vscode.Uri.file(target),
      });
      await answering(save(undefined), async () => run('handIn'));
      assert.match(JSON.stringify(shown), /Código de alumno: a123.*3 de 5 pasos.*canary\/reviews\.yaml/);
      assert(!calls().some((call) => call.includes('--si')), calls().join('\n'));
      await answering(save('Guardar…'), async () => run('handIn'));
      assert(calls().includes(`entregar --salida ${target} --si --json`), calls().join('\n'));
    });

    it("the panels of a class and of the mesh's views open once each", async () => {
      await api.cluster.start();
      for (const _ of [1, 2]) {
        await run('gradeClass');
        await run('showViews');
      }
      await eventually(() => tabsOf('malla.grading').length === 1 && tabsOf('malla.views').length === 1);
      assert.equal(tabsOf('malla.grading').length + tabsOf('malla.views').length, 2);
    });

    it('the three views of the sidebar can be gone to', async () => {
      for (const view of ['malla.labs', 'malla.cluster', 'malla.verdicts'])
        await vscode.commands.executeCommand(`${view}.focus`);
      assert(((await api.tree.getChildren()) ?? []).length > 0);
    });

    it('malla.terminal.shell: «malla» puts its own console in the terminals', async () => {
      await api.cluster.start();
      const shellArgs = async () => {
        await run('openTerminal');
        const terminal = await eventually(() => vscode.window.terminals.find(({ name }) => name.startsWith('Malla: ')));
        const options = terminal.creationOptions as vscode.TerminalOptions;
        terminal.dispose();
        await eventually(() => vscode.window.terminals.length === 0);
        return options.shellArgs ?? [];
      };
      assert(!(await shellArgs()).includes('consola'));
      await withSetting('terminal.shell', 'malla', async () => {
        assert.equal((await shellArgs()).at(-1), 'consola');
      });
    });

    it('malla.notifications: a cluster that stops answering is told, unless nothing is to be told', async () => {
      const { lab } = aLab();
      const lost = async (): Promise<string[]> => {
        const told: string[] = [];
        const showWarningMessage = async (text: unknown) => void told.push(String(text));
        await answering({ showWarningMessage }, async () => {
          await api.cluster.start();
          await run('openLab', lab.id);
          // Somebody stops it elsewhere.
          await api.cluster.change(['cluster', 'parar']);
          await eventually(() => api.cluster.now.state === 'parado');
          await new Promise((resolve) => setTimeout(resolve, 200));
        });
        return told;
      };
      await withSetting('notifications', false, async () => assert.deepEqual(await lost(), []));
      assert.match((await lost()).join(), /ha dejado de contestar/);
    });

    it('malla.home: another folder needs the window to be loaded again, which is asked', async () => {
      const told: string[] = [];
      const showInformationMessage = async (text: unknown) => void told.push(String(text));
      await answering({ showInformationMessage }, async () => {
        await withSetting('home', join(folder(), 'otra'), async () => {
          await eventually(() => told.length > 0);
        });
      });
      assert.match(told[0] ?? '', /La carpeta de Malla ha cambiado/);
    });
  });
}
