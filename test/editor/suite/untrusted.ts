// The extension in a workspace that is not trusted: it may only read.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension/test-api.ts';
import { canaryYaml } from '../../../src/language/fixtures.ts';
import { createRun } from './mocha-run.ts';
import { calls, eventually, extension } from './stage.ts';

export const run = createRun(() => {
  describe('the extension in a workspace that is not trusted', () => {
    let api: TestApi;
    before(async () => {
      assert.equal(vscode.workspace.isTrusted, false);
      api = await extension();
    });

    it('shows the labs and opens them', async () => {
      const [lab] = api.sessions.labs;
      assert(lab);
      await vscode.commands.executeCommand('malla.openLab', lab.id);
      await eventually(() => api.panels.front?.lab === lab.id);
    });

    it("helps with Istio's YAML, and offers nothing that acts", async () => {
      const document = await vscode.workspace.openTextDocument({
        language: 'yaml',
        content: canaryYaml.replace('weight: 90', 'wieght: 90'),
      });
      await vscode.window.showTextDocument(document);
      await eventually(() => vscode.languages.getDiagnostics(document.uri).length > 0, 60_000);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      assert.deepEqual(
        lenses.map(({ command }) => command?.command),
        ['malla.previewChange', 'malla.explainRoute'],
      );
      void vscode.commands.executeCommand('malla.applyFile');
      void vscode.commands.executeCommand('malla.measureRoute');
      await vscode.commands.executeCommand('malla.previewChange');
      assert.match(api.istioHelp.pages.textOf('Qué cambiaría') ?? '', /VirtualService/);
      assert.deepEqual(calls(), []);
    });

    it('runs no program and writes no file, whoever asks', async () => {
      const lab = api.sessions.labs.find((l) => l.steps.some((s) => api.actionsOf(l, s.id).length > 0));
      const step = lab?.steps.find((s) => api.actionsOf(lab, s.id).length > 0);
      assert(lab && step);
      await vscode.commands.executeCommand('malla.openStep', lab.id, step.id);
      const panel = api.panels.front;
      assert(panel);
      // Not awaited: each stays waiting for an answer to its question.
      void vscode.commands.executeCommand('malla.startCluster');
      void vscode.commands.executeCommand('malla.verifyStep');
      void vscode.commands.executeCommand('malla.applySolution');
      api.actionsOf(lab, step.id).forEach((_, action) => {
        for (const message of ['create', 'run'] as const) void api.receive({ message, page: step.id, action }, panel);
      });
      for (const message of ['verify', 'applySolution'] as const) void api.receive({ message, page: step.id }, panel);
      for (const message of ['prepare', 'startCluster', 'openTerminal', 'retry'] as const)
        void api.receive({ message }, panel);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      assert.deepEqual(calls(), []);
      assert.equal(vscode.window.terminals.length, 0);
      const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
      assert(existsSync(folder));
      assert.deepEqual(readdirSync(folder), []);
    });
  });
}, 90_000);
