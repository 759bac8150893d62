// The help on Istio's YAML in the real editor, on files of a folder that has nothing to do with a lab.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension/test-api.ts';
import { bookinfoYaml, canaryYaml, gatewayYaml, subsetsYaml } from '../../../src/language/fixtures.ts';
import { createRun } from './mocha-run.ts';
import { calls, clearStage, eventually as eventuallyIn, extension, write, writeLines } from './stage.ts';

/** A busy machine takes its time, and nothing here is about time. */
const PATIENCE = 40_000;
const eventually = <T>(fact: () => T) => eventuallyIn(fact, PATIENCE);

const folder = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
const path = (name: string): string => join(folder(), name);
const uri = (name: string): vscode.Uri => vscode.Uri.file(path(name));

async function open(name: string, text: string): Promise<vscode.TextDocument> {
  writeFileSync(path(name), text);
  const document = await vscode.workspace.openTextDocument(uri(name));
  await vscode.window.showTextDocument(document);
  return document;
}

/** A file of its own for each test: the editor may still hold the text of one that was closed. */
let canaries = 0;
const openCanary = (text: string): Promise<vscode.TextDocument> => {
  canaries += 1;
  return open(`canary-${canaries}.yaml`, text);
};

/** Where `word` is in the document, `into` characters in. */
function placeOf(document: vscode.TextDocument, word: string, into = 1): vscode.Position {
  const offset = document.getText().indexOf(word);
  assert.notEqual(offset, -1, `«${word}» is not there`);
  return document.positionAt(offset + into);
}

async function replace(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const start = placeOf(document, from, 0);
  edit.replace(document.uri, new vscode.Range(start, document.positionAt(document.offsetAt(start) + from.length)), to);
  assert(await vscode.workspace.applyEdit(edit));
}

const problems = (document: vscode.TextDocument): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'Malla');
const codes = (document: vscode.TextDocument): string[] =>
  problems(document).map(({ code }) => String(typeof code === 'object' ? code.value : code));

export const run = createRun(() => {
  describe("the help on Istio's YAML", () => {
    let api: TestApi;
    before(async () => {
      mkdirSync(path('base'));
      writeFileSync(path('base/bookinfo.yaml'), bookinfoYaml);
      writeFileSync(path('base/gateway.yaml'), gatewayYaml);
      writeFileSync(path('base/subsets.yaml'), subsetsYaml);
      symlinkSync(folder(), path('base/loop'));
      api = await extension();
    });
    afterEach(async () => {
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      rmSync(path(`canary-${canaries}.yaml`), { force: true });
      clearStage();
      await api.cluster.stop();
    });

    it('starts its worker with the first file of Istio, and not before', async () => {
      assert.equal(api.istioHelp.client.started, false);
      await open('compose.yaml', `services:\n  web:\n    image: nginx\n${'# nothing\n'.repeat(60)}`);
      await vscode.commands.executeCommand(
        'vscode.executeCompletionItemProvider',
        uri('compose.yaml'),
        new vscode.Position(3, 0),
      );
      assert.equal(api.istioHelp.client.started, false);
      await openCanary(canaryYaml);
      await eventually(() => api.istioHelp.client.started);
    });

    it('a good file has no problems, and one that is typed into shows them with their codes', async () => {
      const document = await openCanary(canaryYaml);
      await replace(document, 'subset: v2', 'subset: v9');
      await eventually(() => codes(document).includes('MALLA-YML-10'));
      await replace(document, 'subset: v9', 'subset: v2');
      await eventually(() => codes(document).length === 0);
    });

    it('the link of a code leads to its page', async () => {
      const document = await openCanary(canaryYaml.replace('weight: 90', 'weight: 50'));
      const [problem] = await eventually(() => (problems(document).length > 0 ? problems(document) : undefined));
      const code = problem?.code;
      assert(typeof code === 'object');
      assert.equal(code.target.scheme, 'command');
      const page = vscode.Uri.from({ scheme: 'malla-codigo', path: '/MALLA-YML-13.md' });
      assert.match((await vscode.workspace.openTextDocument(page)).getText(), /Los pesos no suman 100/);
    });

    it('a quick fix mends the weights, and another adds the subset to the DestinationRule of another file', async () => {
      const document = await open(
        'canary.yaml',
        canaryYaml.replace('weight: 90', 'weight: 30').replace('subset: v2', 'subset: v3'),
      );
      await eventually(() => codes(document).length === 2);
      const whole = new vscode.Range(0, 0, document.lineCount, 0);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        whole,
      );
      const titles = actions.map(({ title }) => title);
      assert(titles.includes('Poner los pesos 75 y 25'), titles.join('\n'));
      for (const action of actions.filter(({ title }) => /^(?:Poner los pesos|Añadir el subset)/.test(title))) {
        assert(action.edit);
        assert(await vscode.workspace.applyEdit(action.edit));
      }
      assert.match(document.getText(), /weight: 75/);
      const subsets = await vscode.workspace.openTextDocument(uri('base/subsets.yaml'));
      assert.match(subsets.getText(), /- name: v3\n {6}labels:\n {8}version: v3/);
      await subsets.save();
      await eventually(() => codes(document).length === 0);
      writeFileSync(path('base/subsets.yaml'), subsetsYaml);
    });

    it('completion offers the subsets of the host and the fields of the place', async () => {
      const document = await openCanary(canaryYaml);
      const offered = async (position: vscode.Position) =>
        (
          await vscode.commands.executeCommand<vscode.CompletionList>(
            'vscode.executeCompletionItemProvider',
            document.uri,
            position,
          )
        ).items.map(({ label }) => String(label));
      const subsets = await offered(placeOf(document, 'subset: v2', 'subset: '.length));
      assert(subsets.includes('v1') && subsets.includes('v2'), subsets.join());
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, placeOf(document, '    - route', 0), '    - \n');
      await vscode.workspace.applyEdit(edit);
      const fields = await offered(placeOf(document, '    - \n', 6));
      assert(fields.includes('match') && fields.includes('fault'), fields.join());
    });

    it('an empty file may begin with a whole VirtualService', async () => {
      const document = await open('nuevo.yaml', '');
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        new vscode.Position(0, 0),
      );
      assert(list.items.some(({ label }) => label === 'VirtualService (networking)'));
    });

    it('a hover, a definition in another file, its references and a rename over all of them', async () => {
      const document = await openCanary(canaryYaml);
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        placeOf(document, 'weight: 90'),
      );
      assert.match(
        hovers.flatMap(({ contents }) => contents.map((c) => (typeof c === 'string' ? c : c.value))).join(),
        /Cuenta frente a la suma/,
      );
      const at = placeOf(document, 'v2');
      const found = async () =>
        vscode.commands.executeCommand<vscode.Location[]>('vscode.executeDefinitionProvider', document.uri, at);
      await eventually(() => api.istioHelp.client.started);
      assert.deepEqual(
        (await found()).map((l) => l.uri.fsPath),
        [path('base/subsets.yaml')],
      );
      const references = await vscode.commands.executeCommand<vscode.Location[]>(
        'vscode.executeReferenceProvider',
        document.uri,
        at,
      );
      const files = references.map((l) => l.uri.fsPath);
      assert(files.includes(path('base/subsets.yaml')) && files.includes(document.uri.fsPath), files.join());
      const renamed = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
        'vscode.executeDocumentRenameProvider',
        document.uri,
        at,
        'nueva',
      );
      const changed = renamed.entries().map(([file]) => file.fsPath);
      assert(changed.includes(path('base/subsets.yaml')) && changed.includes(document.uri.fsPath), changed.join());
    });

    it('sees a file that is written and one that goes, without anybody opening it', async () => {
      const document = await openCanary(canaryYaml.replace('subset: v2', 'subset: nueva'));
      await eventually(() => codes(document).includes('MALLA-YML-10'));
      writeFileSync(
        path('base/otro.yaml'),
        subsetsYaml.replace('name: v2', 'name: nueva').replace('name: reviews', 'name: otro'),
      );
      await eventually(() => codes(document).length === 0);
      rmSync(path('base/otro.yaml'));
      await eventually(() => codes(document).includes('MALLA-YML-10'));
    });

    it('knows the objects of the cluster while it runs, through the program alone', async () => {
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'pagos', namespace: 'default' },
        spec: { ports: [{ port: 80 }] },
      };
      writeLines('hechos.jsonl', { event: 'object', type: 'ADDED', object: service });
      const text = canaryYaml
        .replace('  name: reviews', '  name: pagos')
        .replaceAll('- reviews', '- pagos')
        .replaceAll('host: reviews', 'host: pagos')
        .replaceAll(/\n {12}subset: v\d/g, '');
      const document = await open('pagos.yaml', text);
      await eventually(() => codes(document).includes('MALLA-YML-08'));
      await api.cluster.start();
      await eventually(() => calls().some((call) => call.startsWith('hechos --kubeconfig')));
      await eventually(() => codes(document).length === 0);
    });

    it('lenses stand above a VirtualService, and a measure beside its weights until the file changes', async () => {
      const document = await openCanary(canaryYaml);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      assert.deepEqual(
        lenses.map(({ command }) => command?.command),
        ['malla.applyFile', 'malla.previewChange', 'malla.explainRoute', 'malla.measureRoute'],
      );
      const host = 'reviews.default.svc.cluster.local';
      const destinations = [
        ['v1', 178],
        ['v2', 22],
      ].map(([subset, requests]) => ({ host, subset, requests }));
      write('medir.json', {
        route: 'reviews',
        namespace: 'default',
        sent: 200,
        unanswered: 0,
        destinations,
        milliseconds: 900,
      });
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.measureRoute', lenses[3]?.command?.arguments?.[0]);
      assert.deepEqual(api.istioHelp.lenses.shown(document), [
        'medido: 89,0 % (178 de 200)',
        'medido: 11,0 % (22 de 200)',
      ]);
      await replace(document, 'weight: 90', 'weight: 80');
      await eventually(() => api.istioHelp.lenses.shown(document).length === 0);
    });

    it('tells what a change would do before it is applied', async () => {
      const document = await openCanary(canaryYaml);
      await replace(document, 'weight: 90', 'weight: 50');
      await replace(document, 'weight: 10', 'weight: 50');
      await vscode.commands.executeCommand('malla.previewChange');
      const page = api.istioHelp.pages.textOf('Qué cambiaría') ?? '';
      assert.match(page, /90 % reviews:9080 v1<br>10 % reviews:9080 v2 \| 50 % reviews:9080 v1/);
    });

    it('explains a request that is picked from those of the route', async () => {
      const document = await openCanary(canaryYaml);
      assert.equal(vscode.window.activeTextEditor?.document, document);
      void vscode.commands.executeCommand('malla.explainRoute', { name: 'reviews', namespace: 'default' });
      const accept = setInterval(
        () => void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'),
        300,
      );
      await eventually(() => api.istioHelp.pages.textOf('Una petición')?.includes('GET reviews/'));
      clearInterval(accept);
    });

    it('applies the file in a terminal where the student sees the command', async () => {
      const document = await openCanary(canaryYaml);
      await replace(document, 'weight: 90', 'weight: 91');
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.applyFile');
      assert.equal(document.isDirty, false);
      const terminal = await eventually(() => vscode.window.terminals.find((t) => t.name === 'Malla: aplicar'));
      terminal.dispose();
    });

    it('helps with a file that is on no disk, and does not apply what kubectl could not read', async () => {
      const provider = vscode.workspace.registerFileSystemProvider('memoria', inMemory(canaryYaml));
      const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('memoria:/canary.yaml'));
      await vscode.window.showTextDocument(document);
      await replace(document, 'weight: 90', 'wieght: 90');
      await eventually(() => codes(document).includes('MALLA-YML-02'));
      await api.cluster.start();
      await vscode.commands.executeCommand('malla.applyFile');
      assert.equal(document.isDirty, true);
      assert.deepEqual(
        vscode.window.terminals.map(({ name }) => name),
        [],
      );
      provider.dispose();
    });

    it('half-written, huge and odd files leave the editor answering', async () => {
      writeFileSync(path('grande.yaml'), `${canaryYaml}---\n`.repeat(25_000));
      const before = Date.now();
      let longest = 0;
      let last = Date.now();
      const beat = setInterval(() => {
        longest = Math.max(longest, Date.now() - last);
        last = Date.now();
      }, 5);
      const big = await vscode.workspace.openTextDocument(uri('grande.yaml'));
      await vscode.window.showTextDocument(big);
      await eventually(() => Date.now() - before > 1500);
      clearInterval(beat);
      console.log(`longest pause of the extension host with ${big.getText().length} characters: ${longest} ms`);
      const odd = await open('raro.yaml', `\uFEFF${canaryYaml}---\n- [\n\t{`.replaceAll('\n', '\r\n'));
      await eventually(() => codes(odd).includes('MALLA-YML-01') || codes(odd).length === 0);
      rmSync(path('grande.yaml'));
    });
  });
}, 2 * PATIENCE);

/** A disk that is none: each of its files says the same. */
function inMemory(text: string): vscode.FileSystemProvider {
  const bytes = new TextEncoder().encode(text);
  const refuse = (): never => {
    throw vscode.FileSystemError.NoPermissions();
  };
  return {
    onDidChangeFile: new vscode.EventEmitter<vscode.FileChangeEvent[]>().event,
    watch: () => ({ dispose() {} }),
    stat: () => ({ type: vscode.FileType.File, ctime: 0, mtime: 0, size: bytes.length }),
    readDirectory: () => [],
    readFile: () => bytes,
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
}
