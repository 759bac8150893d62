// The extension in a workspace that is trusted, with a stand-in for `malla`.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commandId, commandTable } from '../../../src/extension/commands/command-table.ts';
import type { TestApi } from '../../../src/extension/test-api.ts';
import { faceOf } from '../../../src/extension/tree/nodes.ts';
import { defineCommands } from './commands.ts';
import { createRun } from './mocha-run.ts';
import { calls, clearStage, eventually, extension, file, write, writeLines } from './stage.ts';
import { defineStudentView } from './student-view.ts';

const folder = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const labTabs = (): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap((g) => g.tabs)
    .filter((t) => t.input instanceof vscode.TabInputWebview && t.input.viewType.endsWith('malla.lab'));
const right = (check: string) => ({
  check,
  state: 'correcto',
  expected: 'e',
  observed: 'o',
  evidence: {},
  milliseconds: 1,
  simulated: true,
});

export const run = createRun(() => {
  describe('the extension', () => {
    let api: TestApi;
    before(async () => {
      api = await extension();
    });
    beforeEach(clearStage);
    afterEach(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await api.cluster.stop();
    });

    const front = () => {
      const panel = api.panels.front;
      assert(panel, 'No lab panel is open.');
      return panel;
    };
    const firstLab = () => {
      const lab = api.sessions.labs.find((l) => !l.chapter && !l.machines && l.requires.length === 0);
      const step = lab?.steps.find((s) => s.checks.length > 0);
      const check = step?.checks[0];
      assert(lab && step && check, 'The course has no lab with a check.');
      return { lab, step, check };
    };

    it('registers every command of its table', async () => {
      const known = await vscode.commands.getCommands(true);
      const names = Object.keys(commandTable) as (keyof typeof commandTable)[];
      assert.deepEqual(
        names.map(commandId).filter((id) => !known.includes(id)),
        [],
      );
    });

    it('shows the course as labs, steps and checks', async () => {
      const labs = (await api.tree.getChildren()) ?? [];
      assert.deepEqual(
        labs.map((n) => n.session.lab.id),
        api.sessions.labs.map((lab) => lab.id),
      );
      assert.equal(labs.length, 24);
      const canary = labs.find((n) => n.session.lab.id === 'canary');
      const steps = canary ? ((await api.tree.getChildren(canary)) ?? []).filter(({ type }) => type === 'step') : [];
      assert.equal(steps.length, canary?.session.lab.steps.length);
      const checks = await Promise.all(steps.map((s) => api.tree.getChildren(s)));
      assert(checks.flat().length > 0);
    });

    it('starts and stops the cluster through its program', async () => {
      await vscode.commands.executeCommand('malla.startCluster');
      assert.equal(api.cluster.now.state, 'en marcha');
      assert.equal(api.cluster.now.access?.kubeconfig, file('kubeconfig'));
      await vscode.commands.executeCommand('malla.stopCluster');
      assert.equal(api.cluster.now.state, 'parado');
    });

    it('keeps the coded problem of a cluster that does not start', async () => {
      write('fail-iniciar', { code: 'MALLA-CLU-03', happened: 'h', expected: 'e', todo: 't' });
      await vscode.commands.executeCommand('malla.startCluster');
      assert.equal(api.cluster.now.state, 'parado');
      assert.equal(api.cluster.now.problem?.code, 'MALLA-CLU-03');
    });

    it('a cluster that cannot be stopped is still shown as running', async () => {
      await api.cluster.start();
      write('fail-parar', { code: 'MALLA-CLU-09', happened: 'h', expected: 'e', todo: 't' });
      await api.cluster.stop();
      assert.equal(api.cluster.now.state, 'en marcha');
      assert.equal(api.cluster.now.problem?.code, 'MALLA-CLU-09');
    });

    it('opens a lab once, and its program watches it only while the panel is open', async () => {
      const { lab } = firstLab();
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.openLab', lab.id);
      await vscode.commands.executeCommand('malla.openLab', lab.id);
      await eventually(() => labTabs().length === 1);
      await eventually(() => calls().includes(`seguir ${lab.id} --carpeta ${folder()} --json`));
      await vscode.window.tabGroups.close(labTabs());
      await eventually(() => calls().includes('order {"do":"stop"}'));
      assert.equal(calls().filter((c) => c.startsWith('seguir')).length, 1);
    });

    it('does not watch, and so does not start, a cluster that is stopped', async () => {
      await vscode.commands.executeCommand('malla.openLab', firstLab().lab.id);
      await eventually(() => labTabs().length === 1);
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.deepEqual(
        calls().filter((c) => c.startsWith('seguir')),
        [],
      );
    });

    it('turns a step green by itself when its program says so, and ignores lines it does not know', async () => {
      const { lab, step, check } = firstLab();
      writeLines(
        'follow.jsonl',
        'not json',
        { event: 'weather', sun: true },
        { event: 'step', step: 'no-such-step', state: 'correcto' },
        { event: 'check', step: step.id, check: check.id, state: 'hecho', verdict: right(check.id) },
        { event: 'step', step: step.id, state: 'correcto' },
      );
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.openLab', lab.id);
      const session = api.sessions.of(lab.id);
      assert(session);
      await eventually(() => session.now.steps[step.id]?.mark === 'correcto');
      assert.equal(faceOf({ type: 'check', session, step, check }).mark, 'correcto');
      assert.deepEqual(
        Object.keys(session.now.steps),
        lab.steps.map((s) => s.id),
      );
    });

    it('asks its program to verify the step in view', async () => {
      const { lab, step, check } = firstLab();
      writeLines('verify.jsonl', { event: 'check', step: step.id, check: check.id, state: 'comprobando' });
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.openStep', lab.id, step.id);
      await vscode.commands.executeCommand('malla.verifyStep');
      await eventually(() => calls().includes(`order {"do":"verify","step":"${step.id}"}`));
      const session = api.sessions.of(lab.id);
      await eventually(() => session?.now.steps[step.id]?.checks[check.id]?.mark === 'comprobando');
    });

    it('says when the watching program dies, forgets what is no longer known, and watches again on request', async () => {
      const { lab, step } = firstLab();
      writeLines('follow.jsonl', { event: 'step', step: step.id, state: 'incorrecto' });
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.openLab', lab.id);
      const session = api.sessions.of(lab.id);
      await eventually(() => session?.now.steps[step.id]?.mark === 'incorrecto');
      write('crash', '');
      await eventually(() => session?.now.problem?.code === 'MALLA-EDI-02');
      assert.equal(session?.now.steps[step.id]?.mark, 'pendiente');
      await api.receive({ message: 'retry' }, front());
      await eventually(() => session?.now.steps[step.id]?.mark === 'incorrecto');
      assert.equal(session?.now.problem, undefined);
    });

    it('remembers the steps that were right in other sessions', async () => {
      const { lab, step } = firstLab();
      write('passed.json', { [lab.id]: [step.id] });
      await vscode.commands.executeCommand('malla.refresh');
      assert.equal(api.sessions.of(lab.id)?.now.steps[step.id]?.mark, 'superado');
    });

    it('creates the file of a step inside the folder of its lab and opens it', async () => {
      const found = api.sessions.labs
        .flatMap((lab) => lab.steps.map((step) => ({ lab, step, actions: api.actionsOf(lab, step.id) })))
        .flatMap(({ lab, step, actions }) =>
          actions.flatMap((action, index) => (action.type === 'file' ? [{ lab, step, action, index }] : [])),
        )[0];
      assert(found, 'No step of the course creates a file.');
      const { lab, step, action, index } = found;
      await vscode.commands.executeCommand('malla.openStep', lab.id, step.id);
      await api.receive({ message: 'create', page: step.id, action: index }, front());
      const path = join(folder(), lab.id, action.path);
      assert.equal(readFileSync(path, 'utf8'), action.content);
      await eventually(() => vscode.window.visibleTextEditors.some((e) => e.document.uri.fsPath === path));
    });

    it('types a command of a step in a terminal of the lab, with the kubeconfig of the cluster', async () => {
      const found = api.sessions.labs
        .flatMap((lab) => lab.steps.map((step) => ({ lab, step, actions: api.actionsOf(lab, step.id) })))
        .flatMap(({ lab, step, actions }) =>
          actions.flatMap((action, index) => (action.type === 'run' ? [{ lab, step, index }] : [])),
        )[0];
      assert(found, 'No step of the course runs a command.');
      const { lab, step, index } = found;
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.openStep', lab.id, step.id);
      await api.receive({ message: 'run', page: step.id, action: index }, front());
      const terminal = await eventually(() => vscode.window.terminals.find((t) => t.name === `Malla: ${lab.id}`));
      const options = terminal.creationOptions as vscode.TerminalOptions;
      assert.equal(options.env?.KUBECONFIG, file('kubeconfig'));
      assert.equal(options.cwd, join(folder(), lab.id));
      terminal.dispose();
    });

    it('applies the solution through its program, in the open folder, and tells what went wrong', async () => {
      const { lab, step } = firstLab();
      const action = { title: 'istioctl install', exitCode: 1, output: 'no such host' };
      write('solved.json', {
        lab: lab.id,
        state: 'incorrecto',
        steps: [{ lab: lab.id, step: step.id, state: 'incorrecto', checks: [], actions: [action] }],
      });
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.openStep', lab.id, step.id);
      await vscode.commands.executeCommand('malla.applySolution');
      assert(calls().includes(`resolver ${lab.id} --paso ${step.id} --carpeta ${folder()} --json`), calls().join('\n'));
      assert.equal(api.sessions.of(lab.id)?.now.problem?.code, 'MALLA-EDI-04');
    });

    it('prepares a lab by applying the labs it starts from, in order', async () => {
      const last = api.sessions.labs.at(-1);
      assert(last);
      write('solved.json', { lab: 'x', state: 'correcto', steps: [] });
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.openLab', last.id);
      await vscode.commands.executeCommand('malla.prepareLab');
      const prepared = calls().flatMap((c) => /^resolver (\S+) --carpeta/.exec(c)?.[1] ?? []);
      assert(prepared.length > 0);
      const order = api.sessions.labs.map((l) => l.id);
      assert.deepEqual(
        prepared,
        order.filter((id) => prepared.includes(id)),
      );
      assert(last.requires.every((id) => prepared.includes(id)));
      assert(!prepared.includes(last.id));
    });

    it('ignores an action that the page does not offer', async () => {
      const { lab, step } = firstLab();
      await vscode.commands.executeCommand('malla.openStep', lab.id, step.id);
      await api.receive({ message: 'create', page: step.id, action: 999 }, front());
      await api.receive({ message: 'create', page: '../..', action: 0 }, front());
      assert(!existsSync(join(folder(), '..', 'undefined')));
    });
  });
  defineStudentView();
  defineCommands();
});
