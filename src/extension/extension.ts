// Wires the parts of the extension by hand. What each does is in the file named after it. entry.ts begins it.
import './zod-settings.ts';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { readChosen, stayOf } from '../cluster/chosen.ts';
import { mallaHome } from '../cluster/home.ts';
import { readSeed } from '../cluster/student-seed.ts';
import { readExam } from '../grading/exam/exam-state.ts';
import { createMallaTasks } from './actions/malla-tasks.ts';
import { createTerminals } from './actions/terminals.ts';
import { createWorkFolder } from './actions/work-folder.ts';
import { isLabFile } from './authoring/lab-file.ts';
import { createClusterSession } from './cluster/cluster-session.ts';
import { type Course, loadCourse } from './cluster/course.ts';
import { createMallaProgram } from './cluster/malla-program.ts';
import { clusterCommands, startWithProgress } from './commands/cluster-commands.ts';
import { labCommands } from './commands/lab-commands.ts';
import { registerCommands } from './commands/register-commands.ts';
import { keepContextKeys } from './context-keys.ts';
import { istioCommands } from './editor/istio-commands.ts';
import { createIstioHelp } from './editor/istio-help.ts';
import { onFirstDocument } from './first-document.ts';
import { createGate } from './gate.ts';
import { createExamStatus } from './grading/exam-status.ts';
import { gradingCommands } from './grading/grading-commands.ts';
import { isRubricName } from './grading/rubric-name.ts';
import { readBundle, t, useBundle } from './l10n.ts';
import { createLabSessions } from './lab-sessions.ts';
import { createLabWork } from './lab-work.ts';
import { drawingNow, needDrawing } from './lazy-drawing.ts';
import { lookAtTheRightTimes } from './look.ts';
import { createMemory } from './memory.ts';
import { createNotifications } from './notifications.ts';
import { createLabPanels } from './panel/lab-panels.ts';
import { createPanelMessages } from './panel/panel-messages.ts';
import { setting, watchHome } from './settings.ts';
import { showProblem } from './show-problem.ts';
import { createStatusBar } from './status-bar.ts';
import { tellNotice } from './tell-notice.ts';
import type { TestApi } from './test-api.ts';
import { beginTesting } from './testing/begin-testing.ts';
import { createTestingView } from './testing/testing-view.ts';
import { createClusterTree } from './tree/cluster-tree.ts';
import { createLabTree } from './tree/lab-tree.ts';
import { createRecentVerdicts } from './tree/recent-verdicts.ts';
import { createVerdictTree } from './tree/verdict-tree.ts';
import { createViewsPanel } from './views/views-panel.ts';
import { createWalkthrough } from './walkthrough.ts';

/** What takes long, before anything is registered. Gives way to the editor meanwhile. */
export async function prepare(context: vscode.ExtensionContext): Promise<Course> {
  useBundle(...readBundle(context.extensionPath, vscode.env.language));
  // What is drawn is a part of what tests ask for.
  if (context.extensionMode === vscode.ExtensionMode.Test) await needDrawing();
  const home = mallaHome(programEnvironment());
  // What is wrong with the choice is told by whoever works on the cluster.
  const place = await readChosen(home).then(stayOf, () => undefined);
  return loadCourse(
    context.extensionPath,
    context.globalStorageUri.fsPath,
    readSeed(home, programEnvironment()),
    place,
  );
}

/** Filled once everything is registered: the small part that the editor loads first passes its questions on to it. */
export const tasks: { provider?: vscode.TaskProvider } = {};

/** Registers everything. */
export function begin(context: vscode.ExtensionContext, course: Course): TestApi | undefined {
  const start = { nodePath: process.execPath, entry: programEntry(context), env: programEnvironment() };
  const program = createMallaProgram(start);
  const cluster = createClusterSession(program);
  const folder = createWorkFolder();
  const sessions = createLabSessions(course.labs, program, cluster, () => folder.now.path || undefined, course.place);
  const terminals = createTerminals({ scratch: context.globalStorageUri.fsPath, start });
  const startCluster = () => startWithProgress(cluster);
  const gate = createGate(cluster, startCluster);
  const work = createLabWork({ sessions, cluster, folder, terminals });
  const receive = createPanelMessages({ gate, work, sessions });
  const memory = createMemory(context.workspaceState);
  const panels = createLabPanels({
    extensionUri: context.extensionUri,
    sessions,
    cluster,
    folder,
    memory,
    glossary: course.glossary,
    exam: () => readExam(mallaHome(programEnvironment())),
    onMessage: (message, panel) => void receive(message, panel),
  });
  const recent = createRecentVerdicts({ sessions, memory, now: Date.now });
  const clusterTree = createClusterTree(cluster, program);
  const verdictTree = createVerdictTree(recent, sessions);
  const tree = createLabTree(sessions);
  const walkthrough = createWalkthrough({ cluster, panels, recent });
  const testing = createTestingView({ sessions, gate, folder });
  const views = createViewsPanel(program, context.extensionUri);
  const istioHelp = createIstioHelp({
    script: join(context.extensionPath, 'dist', 'language.cjs'),
    start() {
      const [texts, language] = readBundle(context.extensionPath, vscode.env.language, 'yaml');
      return { ...start, texts, language };
    },
    cluster,
    extensionUri: context.extensionUri,
  });
  const grading = gradingCommands({
    program,
    memory,
    extensionUri: context.extensionUri,
    folder: () => folder.now.path || undefined,
  });
  const handlers = {
    ...grading,
    ...clusterCommands({
      program,
      cluster,
      sessions,
      terminals,
      views,
      reader: clusterTree.reader,
      recent,
      startCluster,
    }),
    ...labCommands({ cluster, clusterTree, sessions, panels, work, testing, walkthrough }),
    ...istioCommands({ help: istioHelp, program, cluster, terminals }),
  };
  context.subscriptions.push(
    registerCommands(handlers, gate),
    tree,
    clusterTree,
    recent,
    verdictTree,
    createStatusBar({ cluster, sessions, panels }),
    createExamStatus({
      program,
      home: mallaHome(programEnvironment()),
      folder: () => folder.now.path || undefined,
    }),
    keepContextKeys(cluster, panels),
    walkthrough,
    panels,
    views,
    terminals,
    folder,
    sessions,
    testing,
    beginTesting(testing, tree, panels),
    createNotifications({ sessions, cluster, tell: (notice) => void tellNotice(notice) }),
    watchHome(offerReload),
    lookAtTheRightTimes(cluster, sessions),
    onFirstDocument(isLabFile, async () => (await authors()).createLabAuthor(context.extensionPath)),
    onFirstDocument(
      ({ fileName }) => isRubricName(fileName),
      async () => (await authors()).createRubricHelp(course.labs),
    ),
    istioHelp,
    grading,
  );
  tasks.provider = createMallaTasks({ start, sessions, cluster, folder });
  void showProblem(course.problem);
  return context.extensionMode === vscode.ExtensionMode.Test
    ? {
        tree: tree.provider,
        cluster,
        sessions,
        panels,
        actionsOf: (lab, page) => drawingNow()?.actionsOf(lab, page) ?? [],
        receive,
        istioHelp,
        testing,
        clusterTree,
        recent,
      }
    : undefined;
}

/** A bundle of its own. */
const authors = () => import('./help-for-authors.ts');

/** The folder of a setting goes before that of the environment. */
function programEnvironment(): Record<string, string | undefined> {
  const home = setting('home');
  return { ...process.env, ...(home ? { MALLA_HOME: home } : {}) };
}

async function offerReload(): Promise<boolean> {
  const reload = t('Recargar la ventana');
  const text = t('La carpeta de Malla ha cambiado: recarga la ventana para trabajar en ella.');
  return (await vscode.window.showInformationMessage(text, reload)) === reload;
}

/** Tests of the extension put a program of their own in the place of Malla's. */
function programEntry({ extensionMode, extensionPath }: vscode.ExtensionContext): string {
  const own = join(extensionPath, 'dist', 'malla.mjs');
  return extensionMode === vscode.ExtensionMode.Production ? own : (process.env.MALLA_TEST_PROGRAM ?? own);
}
