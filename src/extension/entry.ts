// What VS Code loads: a few kilobytes that load the rest (dist/main.cjs) when it is needed. A YAML file opened in a
// folder that has nothing to do with Istio wakes up this file, and nothing else.
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { looksLikeIstio } from '../language/recognise.ts';
import { requireCompiled } from './compiled.ts';
import { isRubricName } from './grading/rubric-name.ts';
import type { TestApi } from './test-api.ts';

type Main = typeof import('./extension.ts');

/** Resolves once VS Code may count on the extension; the rest comes right after, unless a test waits for it. */
export async function activate(context: vscode.ExtensionContext): Promise<TestApi | undefined> {
  let main: Promise<TestApi | undefined> | undefined;
  const load = (): Promise<TestApi | undefined> => {
    main ??= loadMain(context, { standIns, views });
    return main;
  };
  const standIns = vscode.Disposable.from(...commandsThat(context, load), watchYaml(load));
  const views = vscode.Disposable.from(...viewsThat(context, load));
  context.subscriptions.push(standIns, views, tasksThat(context, load));
  if (context.extensionMode === vscode.ExtensionMode.Test) return load();
  // Not within the activation, which others wait for.
  if (isNeeded()) setImmediate(() => load().catch(complain));
  return undefined;
}

async function loadMain(
  context: vscode.ExtensionContext,
  { standIns, views }: { standIns: vscode.Disposable; views: vscode.Disposable },
): Promise<TestApi | undefined> {
  const { prepare, begin } = timed('load', () => mainOf(context));
  const course = await prepare(context);
  // An older VS Code forgets a view a moment after its provider goes: also one that has another provider by then.
  views.dispose();
  // The editor has its turn between the last lab that was read and what follows.
  await new Promise((resolve) => setImmediate(resolve));
  const api = timed('begin', () => {
    // In one go: no command is ever without someone who does it.
    standIns.dispose();
    return begin(context, course);
  });
  // With what was compiled while it began, and when the editor has nothing else to do.
  const keeping = setTimeout(() => keepCompiled(), KEEP_AFTER);
  context.subscriptions.push({ dispose: () => clearTimeout(keeping) });
  return api;
}

const KEEP_AFTER = 4_000;

let loaded: Main | undefined;
let keepCompiled: () => unknown = () => {};

function mainOf({ extensionPath, extensionMode, globalStorageUri }: vscode.ExtensionContext): Main {
  if (loaded) return loaded;
  const path = join(extensionPath, 'dist', 'main.cjs');
  // Who writes the extension has it compiled anew each time.
  if (extensionMode !== vscode.ExtensionMode.Production) loaded = require(path) as Main;
  else {
    const { exports, keep } = requireCompiled(path, join(globalStorageUri.fsPath, 'main.bin'), require);
    loaded = exports as Main;
    keepCompiled = keep;
  }
  return loaded;
}

/** For who measures the extension from outside: in the timeline of the extension host. */
function timed<T>(name: string, work: () => T): T {
  const start = performance.now();
  const done = work();
  performance.measure(`malla/${name}`, { start, end: performance.now() });
  return done;
}

/** VS Code does not say what woke up the extension. With no YAML file about, it was something of Malla's. */
function isNeeded(): boolean {
  const yaml = vscode.workspace.textDocuments.filter(isYaml);
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return (
    yaml.length === 0 ||
    yaml.some(saysIstio) ||
    tabs.some(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('malla.'))
  );
}

function commandsThat(context: vscode.ExtensionContext, load: () => Promise<unknown>): vscode.Disposable[] {
  return contributed(context).commands.map(({ command }) =>
    vscode.commands.registerCommand(command, async (...args: unknown[]) => {
      await load();
      return vscode.commands.executeCommand(command, ...args);
    }),
  );
}

/** A view that someone looks at shows that it is loading, and loads. */
function viewsThat(context: vscode.ExtensionContext, load: () => Promise<unknown>): vscode.Disposable[] {
  return Object.values(contributed(context).views)
    .flat()
    .map(({ id }) =>
      vscode.window.registerTreeDataProvider<never>(id, {
        getChildren: async () => {
          await load();
          return [];
        },
        getTreeItem: (none) => none,
      }),
    );
}

/** Stays: who wants a task asks here, whether the rest is there or not. */
function tasksThat(context: vscode.ExtensionContext, load: () => Promise<unknown>): vscode.Disposable {
  const provider = async (): Promise<vscode.TaskProvider | undefined> => {
    await load();
    return mainOf(context).tasks.provider;
  };
  return vscode.tasks.registerTaskProvider('malla', {
    provideTasks: async (token) => (await provider())?.provideTasks(token),
    resolveTask: async (task, token) => (await provider())?.resolveTask(task, token),
  });
}

/** A file so short may become anything: who types in it may want to be helped. */
const hardlyBegun = 400;

function watchYaml(load: () => Promise<unknown>): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (isYaml(document) && saysIstio(document)) load().catch(complain);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (!isYaml(document) || contentChanges.length === 0) return;
      const changed = contentChanges.map((c) => c.text + document.lineAt(c.range.start.line).text);
      const mayBe = changed.some((text) => /istio|gateway\.net|apiVersion/.test(text));
      if (document.getText(beginning).length < hardlyBegun || (mayBe && saysIstio(document))) load().catch(complain);
    }),
  );
}

/** As much as tells what a file is about. */
const linesLookedAt = 4000;
const beginning = new vscode.Range(0, 0, linesLookedAt, 0);

/** Of Istio, or a rubric: what there is help for. */
function saysIstio(document: vscode.TextDocument): boolean {
  return isRubricName(document.fileName) || looksLikeIstio(document.getText(beginning));
}

function isYaml({ languageId, uri }: vscode.TextDocument): boolean {
  return languageId === 'yaml' && !['git', 'output', 'vscode-userdata'].includes(uri.scheme);
}

/** Nobody waits for it who could be told in another way. */
function complain(error: unknown): void {
  console.error(error);
  void vscode.window.showErrorMessage(`Malla: ${error instanceof Error ? error.message : String(error)}`);
}

interface Contributed {
  commands: readonly { command: string }[];
  views: Readonly<Record<string, readonly { id: string }[]>>;
}

function contributed(context: vscode.ExtensionContext): Contributed {
  return (context.extension.packageJSON as { contributes: Contributed }).contributes;
}
