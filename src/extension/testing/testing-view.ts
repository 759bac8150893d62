// Labs in the Testing view: labs → steps → checks as tests. They run by the same way as «Verificar», and in watch mode each
// change of a verdict is a result.
import * as vscode from 'vscode';
import type { WorkFolder } from '../actions/work-folder.ts';
import { testControllerId } from '../contributions.ts';
import type { Gate } from '../gate.ts';
import { t } from '../l10n.ts';
import type { LabSessions } from '../lab-sessions.ts';
import { labDocument } from './lab-document.ts';
import { createLabTests, type LabTests } from './lab-tests.ts';
import { chosenSteps, testId } from './test-ids.ts';
import type { TestOutcome } from './test-outcome.ts';
import { runTests, type TestReporter } from './test-run.ts';
import { watchTests } from './test-watch.ts';

export interface TestingView extends vscode.Disposable {
  /** Makes the view, if it was not: nobody sees it in a window that has nothing to do with Malla. */
  begin(): void;
  readonly controller: vscode.TestController | undefined;
  /** As the editor asks for it; for tests. */
  run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void>;
}

export interface TestingViewOptions {
  sessions: LabSessions;
  gate: Gate;
  folder: WorkFolder;
}

export function createTestingView(options: TestingViewOptions): TestingView {
  let controller: vscode.TestController | undefined;
  let parts: (vscode.Disposable & Pick<TestingView, 'run'>) | undefined;
  return {
    get controller() {
      return controller;
    },
    begin() {
      if (controller) return;
      controller = vscode.tests.createTestController(testControllerId, 'Malla');
      parts = fill(controller, options);
    },
    run: async (request, token) => parts?.run(request, token),
    dispose: () => parts?.dispose(),
  };
}

function fill(controller: vscode.TestController, { sessions, gate, folder }: TestingViewOptions) {
  const documents = labDocuments(sessions);
  const tests = createLabTests(controller, sessions.labs, documents.placeOf);
  const where = (): string | undefined => folder.now.path || undefined;
  const run = async (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> => {
    const include = request.include?.map(({ id }) => id);
    const exclude = request.exclude?.map(({ id }) => id);
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    if (token.isCancellationRequested) stop.abort();
    if (request.continuous) {
      const chosen = chosenSteps(sessions.labs, include, exclude);
      // Each lab that is followed is a program of its own: of those that nobody named, only those already worked on.
      const follow = include ? [...new Set(chosen.map(({ lab }) => lab.id))] : [];
      return watchTests({ sessions, chosen, follow, signal: stop.signal, where, open: () => openRun(request) });
    }
    const reporter = openRun(request);
    try {
      const passes = await Promise.race([
        gate.passes({ reads: false, withoutCluster: 'offers' }),
        aborted(stop.signal),
      ]);
      const chosen = chosenSteps(sessions.labs, include, exclude);
      if (!passes) for (const id of chosen.flatMap(idsOf)) reporter.done(id, noCluster());
      else await runTests({ sessions, chosen, report: reporter, signal: stop.signal, where });
    } finally {
      reporter.end();
    }
  };
  const openRun = (request: vscode.TestRunRequest): TestReporter & { end(): void } => {
    const own = controller.createTestRun(request);
    return { ...reporterOf(own, tests), end: () => own.end() };
  };
  const profile = controller.createRunProfile(
    t('Verificar'),
    vscode.TestRunProfileKind.Run,
    run,
    true,
    undefined,
    true,
  );
  return { run, dispose: () => vscode.Disposable.from(profile, documents, controller).dispose() };
}

const idsOf = ({ lab, step, checks }: ReturnType<typeof chosenSteps>[number]): string[] =>
  [...checks].map((check) => testId(lab.id, step.id, check));

const noCluster = (): TestOutcome => ({
  state: 'errored',
  message: t('No hay ningún clúster en marcha. Inícialo en la vista «Clúster» de Malla y vuelve a verificar.'),
  milliseconds: 0,
});

function reporterOf(run: vscode.TestRun, tests: LabTests): TestReporter {
  return {
    started(id) {
      const item = tests.find(id);
      if (item) run.started(item);
    },
    done(id, outcome) {
      const item = tests.find(id);
      if (!item) return;
      const { state, message, milliseconds } = outcome;
      const lines = [`${words[state]} ${item.label}`, ...message.split('\n').filter(Boolean)];
      run.appendOutput(`${lines.join('\r\n  ')}\r\n`);
      if (state === 'passed') return run.passed(item, milliseconds);
      run[state](item, messageAt(item, outcome), milliseconds);
    },
    skipped(id, why) {
      const item = tests.find(id);
      if (!item) return;
      run.appendOutput(`– ${item.label}: ${why}\r\n`);
      run.skipped(item);
    },
  };
}

const words: Record<TestOutcome['state'], string> = { passed: '✔', failed: '✘', errored: '?' };

/** At the line of the student's file; else at the check in the text of the lab. */
function messageAt(item: vscode.TestItem, { message, at }: TestOutcome): vscode.TestMessage {
  const told = new vscode.TestMessage(message);
  const range = at ? new vscode.Range(at.line, 0, at.line, 1_000) : item.range;
  const uri = at ? vscode.Uri.file(at.path) : item.uri;
  if (uri && range) told.location = new vscode.Location(uri, range);
  return told;
}

const scheme = 'malla-lab';

/** The texts of the labs that tests point into, made when they are asked for. */
function labDocuments({ labs }: LabSessions) {
  const written = (lab: LabSessions['labs'][number]) => labDocument(lab, t('Comprobaciones'));
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: ({ path }) => {
      const lab = labs.find(({ id }) => path === `/${id}.md`);
      return lab && written(lab).text;
    },
  });
  return {
    /** Step, or `step/check`, → its place. */
    placeOf(lab: LabSessions['labs'][number]) {
      const { lines } = written(lab);
      const uri = vscode.Uri.from({ scheme, path: `/${lab.id}.md` });
      return { uri, range: (key: string) => new vscode.Range(lines.get(key) ?? 0, 0, lines.get(key) ?? 0, 0) };
    },
    dispose: () => provider.dispose(),
  };
}

function aborted(signal: AbortSignal): Promise<false> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(false);
    else signal.addEventListener('abort', () => resolve(false), { once: true });
  });
}
