// The worker's side of the map: answers questions, keeps the files, and says when what it knows has changed.
import { fileURLToPath, pathToFileURL } from 'node:url';
import { codePage } from '../../language/code-page.ts';
import { completeAt } from '../../language/completion.ts';
import { diagnose } from '../../language/diagnose.ts';
import { explainText, probesOf } from '../../language/explain-route.ts';
import { hoverAt } from '../../language/hover.ts';
import { definitionsAt, referencesAt, renameAt, renamingAt } from '../../language/navigation.ts';
import { previewOf } from '../../language/preview/preview.ts';
import { previewText } from '../../language/preview/preview-text.ts';
import { isOfInterest } from '../../language/recognise.ts';
import { routesIn } from '../../language/routes-in-file.ts';
import { bundledKinds } from '../../language/schema/bundled-kinds.ts';
import { createWorkspace } from '../../language/workspace.ts';
import type { MallaProgram } from '../cluster/malla-program.ts';
import { createClusterFacts } from './cluster-facts.ts';
import { folderFiles, readYamlFile } from './folder-files.ts';
import type { Ask, FromWorker, QuestionName, Questions, Tell, TextChange } from './protocol.ts';

export interface LanguageService {
  ask(ask: Ask): Promise<FromWorker>;
  tell(tell: Tell): void;
  stop(): void;
}

export interface LanguageServiceOptions {
  program: MallaProgram;
  /** Gets the notes. */
  onNote(note: FromWorker): void;
}

type Answers = {
  [Name in QuestionName]: (
    question: Questions[Name]['question'],
  ) => Questions[Name]['answer'] | Promise<Questions[Name]['answer']>;
};

/** Files between two turns of whoever asks. */
const BATCH_MILLISECONDS = 25;

export function createLanguageService({ program, onNote }: LanguageServiceOptions): LanguageService {
  const workspace = createWorkspace(bundledKinds);
  const open = new Map<string, string>();
  let walk = new AbortController();
  const cluster = createClusterFacts(program, (facts) => {
    workspace.setCluster(facts?.objects);
    workspace.setClusterKinds(facts?.kinds ?? []);
    onNote({ note: 'known' });
  });

  const answers: Answers = {
    complete: ({ uri, position }) => completeAt(workspace, uri, position),
    hover: ({ uri, position }) => hoverAt(workspace, uri, position),
    definitions: ({ uri, position }) => definitionsAt(workspace, uri, position),
    references: ({ uri, position, withDefinition }) => referencesAt(workspace, uri, position, withDefinition),
    renaming: ({ uri, position }) => renamingAt(workspace, uri, position),
    rename: ({ uri, position, name }) => renameAt(workspace, uri, position, name),
    problems: ({ uri }) => diagnose(workspace, uri),
    routes: ({ uri }) => routesIn(workspace, uri),
    codePage: ({ code }) => codePage(code),
    probes: ({ uri, route }) => probesOf(workspace, uri, route),
    explain: ({ uri, probe }) => explainText(workspace, uri, probe),
    async preview({ uri }) {
      const saved = uri.startsWith('file:') ? await readYamlFile(fileURLToPath(uri)) : undefined;
      const preview = previewOf(workspace, uri, saved);
      return preview && previewText(decodeURIComponent(uri.split('/').at(-1) ?? ''), preview);
    },
  };

  const writeOpen = (uri: string, text: string): void => {
    open.set(uri, text);
    workspace.write(uri, text);
  };
  const readAgain = async (path: string): Promise<void> => {
    const uri = pathToFileURL(path).href;
    if (open.has(uri)) return;
    const text = await readYamlFile(path);
    if (open.has(uri)) return;
    if (text !== undefined && isOfInterest(text)) workspace.write(uri, text);
    else workspace.forget(uri);
  };
  const readFolders = async (paths: readonly string[]): Promise<void> => {
    walk.abort();
    walk = new AbortController();
    const { signal } = walk;
    for (const file of [...workspace.files()]) if (!open.has(file.uri)) workspace.forget(file.uri);
    workspace.reading = true;
    let files = 0;
    let turn = Date.now();
    for await (const { path, text } of folderFiles(paths, signal)) {
      const uri = pathToFileURL(path).href;
      if (!open.has(uri) && isOfInterest(text)) {
        workspace.write(uri, text);
        files += 1;
      }
      if (Date.now() - turn > BATCH_MILLISECONDS) {
        await new Promise((resolve) => setImmediate(resolve));
        turn = Date.now();
      }
    }
    if (signal.aborted) return;
    workspace.reading = false;
    onNote({ note: 'reading', files, done: true, left: 0 });
    onNote({ note: 'known' });
  };
  return {
    async ask({ id, ask, question }) {
      try {
        const answer = (Object.hasOwn(answers, ask) ? answers[ask] : undefined) as
          | ((given: unknown) => unknown)
          | undefined;
        if (!answer) return { id, failure: `no question ${String(ask)}` };
        return { id, answer: await answer(question) };
      } catch (error) {
        return { id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
      }
    },
    tell(tell) {
      switch (tell.tell) {
        case 'opened':
          return writeOpen(tell.uri, tell.text);
        case 'changed':
          return writeOpen(tell.uri, changed(open.get(tell.uri) ?? '', tell.changes));
        case 'closed':
          open.delete(tell.uri);
          workspace.forget(tell.uri);
          // What is on disk counts from now on.
          if (tell.uri.startsWith('file:')) void readAgain(fileURLToPath(tell.uri));
          return;
        case 'folders':
          void readFolders(tell.paths);
          return;
        case 'filesChanged':
          void Promise.all(tell.paths.map(readAgain)).then(() => onNote({ note: 'known' }));
          return;
        case 'cluster':
          return cluster.follow(tell.access);
      }
    },
    stop() {
      walk.abort();
      cluster.stop();
    },
  };
}

function changed(text: string, changes: readonly TextChange[]): string {
  return changes.reduce(
    (result, { offset, length, text: inserted }) => result.slice(0, offset) + inserted + result.slice(offset + length),
    text,
  );
}
