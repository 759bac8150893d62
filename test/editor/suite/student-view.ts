// What the student sees beside the lab panel: the Testing view, the live cluster, recent verdicts, which cluster is in use.
import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension/test-api.ts';
import type { ClusterNode } from '../../../src/extension/tree/cluster-nodes.ts';
import type { FromPanel, Message } from '../../../src/webview/protocol.ts';
import { calls, clearStage, eventually, extension, file, write, writeLines } from './stage.ts';

const verdict = (check: string, state: string, cause?: object) => ({
  check,
  state,
  expected: 'e',
  observed: 'o',
  ...(cause ? { cause } : {}),
  evidence: {},
  milliseconds: 1,
  simulated: true,
});
const namespace = (name: string, ready: number) => ({
  event: 'namespace',
  namespace: {
    name,
    injected: true,
    pods: 1,
    ready,
    services: [{ name: 'reviews', type: 'ClusterIP', ports: ['9080/TCP'], pods: 1, ready }],
    proxies: [{ pod: 'reviews-v1-x', kind: 'sidecar', ready: ready > 0, node: 'arya', version: '1.30.0' }],
  },
});

export function defineStudentView(): void {
  describe('what the student sees beside the panel', () => {
    let api: TestApi;
    before(async () => {
      api = await extension();
    });
    beforeEach(clearStage);
    afterEach(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await api.cluster.stop();
      clearStage();
      await api.cluster.refresh();
    });

    const aLab = () => {
      const lab = api.sessions.labs.find((l) => !l.chapter && !l.machines && l.requires.length === 0);
      const step = lab?.steps.find((s) => s.checks.length > 0);
      assert(lab && step);
      return { lab, step };
    };
    const childrenOf = async (node?: ClusterNode): Promise<ClusterNode[]> =>
      (await api.clusterTree.provider.getChildren(node)) ?? [];
    const labelOf = async (node: ClusterNode) => {
      const item = await api.clusterTree.provider.getTreeItem(node);
      return `${item.label}: ${item.description}`;
    };

    it('has the labs, their steps and their checks as tests, and points into a text without the solution', async () => {
      await vscode.commands.executeCommand('malla.openTests');
      const controller = api.testing.controller;
      assert(controller);
      const { lab, step } = aLab();
      const item = controller.items.get(lab.id);
      assert(item);
      await controller.resolveHandler?.(item);
      const stepItem = item.children.get(`${lab.id}/${step.id}`);
      assert.equal(stepItem?.children.size, step.checks.length);
      assert(stepItem?.uri && stepItem.range);
      const text = (await vscode.workspace.openTextDocument(stepItem.uri)).getText();
      assert.equal(text.split('\n')[stepItem.range.start.line], `## ${lab.steps.indexOf(step) + 1}. ${step.title}`);
      assert(step.solutionMarkdown === undefined || !text.includes(step.solutionMarkdown.trim()));
    });

    it('runs the tests of a step by the program, and stops watching the lab when they end', async () => {
      const { lab, step } = aLab();
      write('verified.json', { [step.id]: step.checks.map(({ id }) => verdict(id, 'correcto')) });
      await api.cluster.start();
      const { run } = api.testing;
      const token = new vscode.CancellationTokenSource().token;
      const controller = api.testing.controller;
      const item = controller?.items.get(lab.id)?.children.get(`${lab.id}/${step.id}`);
      assert(item);
      await run(new vscode.TestRunRequest([item]), token);
      assert(calls().includes(`order {"do":"verify","step":"${step.id}"}`), calls().join('\n'));
      await eventually(() => calls().includes('order {"do":"stop"}'));
    });

    it('tells a failure at the line of the file of the student, and else in the text of the lab', async () => {
      const { lab, step } = aLab();
      const [first, ...others] = step.checks;
      assert(first);
      const cause = { code: 'MALLA-X-01', message: 'm', hint: 'h' };
      const at = { kind: 'VirtualService', name: 'reviews', file: 'reviews.yaml', line: 9 };
      const controller = api.testing.controller;
      const item = controller?.items.get(lab.id)?.children.get(`${lab.id}/${step.id}`);
      assert(controller && item);
      await api.cluster.start();
      const places: string[] = [];
      const create = controller.createTestRun;
      const told = (_: unknown, message: vscode.TestMessage) =>
        void places.push(`${message.location?.uri.path}:${message.location?.range.start.line}`);
      const run = { started() {}, passed() {}, skipped() {}, appendOutput() {}, end() {}, failed: told, errored: told };
      controller.createTestRun = () => run as unknown as vscode.TestRun;
      try {
        for (const blamed of [{ ...cause, at }, cause]) {
          const verdicts = [
            verdict(first.id, 'incorrecto', blamed),
            ...others.map(({ id }) => verdict(id, 'correcto')),
          ];
          write('verified.json', { [step.id]: verdicts });
          await api.testing.run(new vscode.TestRunRequest([item]), new vscode.CancellationTokenSource().token);
        }
      } finally {
        controller.createTestRun = create;
      }
      const check = item.children.get(`${lab.id}/${step.id}/${first.id}`);
      assert.deepEqual(places, [
        `${vscode.workspace.workspaceFolders?.[0]?.uri.path}/${lab.id}/reviews.yaml:8`,
        `/${lab.id}.md:${check?.range?.start.line}`,
      ]);
    });

    it('runs continuously from the command of the editor: each verdict that changes by itself is a result', async () => {
      const { lab, step } = aLab();
      const [check] = step.checks;
      const controller = api.testing.controller;
      assert(check && controller);
      const done = (state: string) => ({
        event: 'check',
        step: step.id,
        check: check.id,
        state: 'hecho',
        verdict: verdict(check.id, state),
      });
      const told: string[] = [];
      const tell = (how: string) => (item: vscode.TestItem) => void told.push(`${how} ${item.id}`);
      const run = {
        started() {},
        skipped() {},
        appendOutput() {},
        passed: tell('passed'),
        failed: tell('failed'),
        errored: tell('errored'),
        end: () => void told.push('end'),
      };
      const create = controller.createTestRun;
      controller.createTestRun = () => run as unknown as vscode.TestRun;
      writeLines('follow.jsonl', done('incorrecto'));
      writeLines('verify.jsonl', done('correcto'));
      try {
        await api.cluster.start();
        await vscode.commands.executeCommand('testing.startContinuousRun');
        // Nobody named a lab: only those that are worked on are watched.
        await vscode.commands.executeCommand('malla.openStep', lab.id, step.id);
        const id = `${lab.id}/${step.id}/${check.id}`;
        await eventually(() => told.length === 2);
        assert.deepEqual(told, [`failed ${id}`, 'end']);
        await vscode.commands.executeCommand('malla.verifyStep');
        await eventually(() => told.length === 4);
        assert.deepEqual(told.slice(2), [`passed ${id}`, 'end']);
        await vscode.commands.executeCommand('testing.stopContinuousRun');
        assert.equal(calls().filter((call) => call.startsWith('seguir')).length, 1);
      } finally {
        controller.createTestRun = create;
      }
    });

    it('a run that is cancelled ends at once although nobody answers', async () => {
      const { lab } = aLab();
      await api.cluster.start();
      const source = new vscode.CancellationTokenSource();
      const item = api.testing.controller?.items.get(lab.id);
      assert(item);
      const done = api.testing.run(new vscode.TestRunRequest([item]), source.token);
      await eventually(() => calls().some((call) => call.startsWith('order {"do":"verify"')));
      source.cancel();
      await done;
    });

    it('shows the cluster as it changes, while the view is in sight', async () => {
      writeLines('inventario.jsonl', { event: 'nodes', nodes: [] }, namespace('default', 1));
      await vscode.commands.executeCommand('malla.cluster.focus');
      await api.cluster.start();
      await eventually(() => api.clusterTree.reader.now?.live);
      const found = (await childrenOf()).find((node) => node.id === 'namespace/default');
      assert(found);
      assert.equal(await labelOf(found), 'default: 1 de 1 pods listos · con inyección');
      const [service, proxy] = await childrenOf(found);
      assert(service && proxy);
      assert.equal(await labelOf(service), 'reviews: ClusterIP · 9080/TCP · 1 de 1 pods');
      appendFileSync(file('inventario.jsonl'), `${JSON.stringify(namespace('default', 0))}\n`);
      await eventually(() => api.clusterTree.reader.now?.namespaces.get('default')?.ready === 0);
      assert.match(await labelOf(proxy), /sin estar listo/);
      // Each reads with a program of its own, which ends with the cluster.
      await api.cluster.stop();
      assert.deepEqual(await childrenOf(), []);
      assert.equal(api.clusterTree.reader.now, undefined);
    });

    it('reads the log of a proxy in a terminal, and types no name that could not be of a pod', async () => {
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.proxyLog', {
        type: 'proxy',
        namespace: 'default',
        name: 'x; rm -rf',
      });
      assert(!vscode.window.terminals.some(({ name }) => name === 'Malla: clúster'));
      await vscode.commands.executeCommand('malla.proxyLog', {
        type: 'proxy',
        namespace: 'default',
        name: 'reviews-x',
      });
      const terminal = await eventually(() => vscode.window.terminals.find(({ name }) => name === 'Malla: clúster'));
      terminal.dispose();
    });

    it('has a task that verifies each lab, with the program, the kubeconfig and the tools at hand', async () => {
      await api.cluster.start();
      const tasks = await vscode.tasks.fetchTasks({ type: 'malla' });
      const { lab } = aLab();
      const task = tasks.find(({ definition }) => definition.lab === lab.id);
      assert.equal(tasks.length, api.sessions.labs.filter(({ chapter }) => !chapter).length);
      const execution = task?.execution;
      assert(execution instanceof vscode.ProcessExecution);
      assert.deepEqual(execution.args.slice(-4, -2), ['verificar', lab.id]);
      assert.equal(execution.options?.env?.KUBECONFIG, file('kubeconfig'));
    });

    it('keeps the verdicts as they change, newest first', async () => {
      api.recent.clear();
      const { lab, step } = aLab();
      const [check] = step.checks;
      assert(check);
      writeLines('follow.jsonl', {
        event: 'check',
        step: step.id,
        check: check.id,
        state: 'hecho',
        verdict: verdict(check.id, 'incorrecto'),
      });
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.openLab', lab.id);
      const newest = await eventually(() => api.recent.list[0]);
      assert.deepEqual([newest.lab, newest.check, newest.state], [lab.id, check.id, 'incorrecto']);
      await vscode.commands.executeCommand('malla.clearVerdicts');
      assert.equal(api.recent.list.length, 0);
    });

    it('another cluster is chosen by the program, and whoever watched the old one watches the new one', async () => {
      const { lab } = aLab();
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.openLab', lab.id);
      await eventually(() => calls().some((call) => call.startsWith(`seguir ${lab.id}`)));
      await api.cluster.change(['cluster', 'usar', 'kind']);
      assert(calls().includes('cluster usar kind --json'), calls().join('\n'));
      assert.deepEqual(api.cluster.now.identity, { kind: 'kind', name: 'malla' });
      await eventually(() => calls().filter((call) => call.startsWith(`seguir ${lab.id}`)).length === 2);
    });

    it('a second window that chose another cluster is noticed by this one when it comes to the front', async () => {
      await api.cluster.start();
      write('chosen.json', { kind: 'kubeadm', name: 'admin@nieve', server: 'https://10.0.0.1:6443' });
      await vscode.commands.executeCommand('malla.refresh');
      assert.equal(api.cluster.now.identity.kind, 'kubeadm');
      const [first] = await childrenOf();
      assert(first);
      assert.equal(await labelOf(first), 'Clúster de «admin@nieve»: en marcha');
    });

    it('a cluster that dies while panels are open says so once, loses nothing, and comes back', async () => {
      const { lab, step } = aLab();
      writeLines('inventario.jsonl', namespace('default', 1));
      await vscode.commands.executeCommand('malla.cluster.focus');
      await api.cluster.start();
      for (const each of api.sessions.labs.filter((l) => !l.chapter && !l.machines).slice(0, 3))
        await vscode.commands.executeCommand('malla.openLab', each.id);
      const path = join(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '', 'mio.yaml');
      writeFileSync(path, 'mio: 1\n');
      const session = api.sessions.of(lab.id);
      await eventually(() => session?.now.followed);
      await api.cluster.stop();
      assert.equal(api.cluster.now.state, 'parado');
      assert.equal(session?.now.followed, false);
      assert.equal((await vscode.workspace.openTextDocument(vscode.Uri.file(path))).getText(), 'mio: 1\n');
      await vscode.commands.executeCommand('malla.openStep', lab.id, step.id);
      await api.cluster.start();
      await eventually(() => session?.now.followed);
    });

    it('messages forged to a panel do nothing, whatever they are', async () => {
      const { lab, step } = aLab();
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.openStep', lab.id, step.id);
      const panel = api.panels.front;
      assert(panel);
      const before = calls().length;
      const forged: Message<FromPanel>[] = [
        { message: 'apply', page: step.id, action: 9999 },
        { message: 'apply', page: '__proto__', action: 0 },
        { message: 'openCause', page: step.id, check: '../../etc/passwd' },
        { message: 'show', page: 'no-such-page' },
        { message: 'openLab', lab: '../..' },
        { message: 'choose', page: step.id, question: 'none', chosen: [] },
      ];
      for (const message of forged) await api.receive(message, panel);
      assert.deepEqual(
        calls()
          .slice(before)
          .filter((call) => !/^(?:responder|seguir|inventario|order \{"do":"stop")/.test(call)),
        [],
      );
      assert.equal(panel.page, step.id);
      assert.equal(vscode.window.terminals.length, 0);
    });
  });
}
