// Help for who writes labs: completion in lab.md, and its problems as they are typed.
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { completeLab } from '../../labs/complete.ts';
import { courseHas, courseText } from '../../labs/course-files.ts';
import { lintLab } from '../../labs/lint.ts';
import { parseLab } from '../../labs/parse.ts';
import type { Problem } from '../../labs/problem.ts';
import { isLabFile } from './lab-file.ts';

const labFiles: vscode.DocumentSelector = { language: 'markdown', pattern: '**/lab.md' };
/** Problems are looked for once the author stops typing. */
const calm = 300;

/** `root` is the extension's folder, whose samples labs may name. */
export function createLabAuthor(root: string): vscode.Disposable {
  const diagnostics = vscode.languages.createDiagnosticCollection('malla-lab');
  const timers = new Map<string, NodeJS.Timeout>();
  const look = (document: vscode.TextDocument): void => {
    if (!isLabFile(document)) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        if (!document.isClosed) diagnostics.set(document.uri, problemsOf(document, root).map(toDiagnostic));
      }, calm),
    );
  };
  for (const document of vscode.workspace.textDocuments) look(document);
  return vscode.Disposable.from(
    diagnostics,
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => diagnostics.delete(uri)),
    vscode.languages.registerCompletionItemProvider(labFiles, { provideCompletionItems }, ':', ' ', '`', '-'),
    {
      dispose() {
        for (const timer of timers.values()) clearTimeout(timer);
      },
    },
  );
}

function provideCompletionItems(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
  const range = document.getWordRangeAtPosition(position, /`*[\w-]+|`+/);
  return completeLab(document.getText(), position.line, position.character).map(({ label, insert, detail }) => {
    const item = new vscode.CompletionItem(label, vscode.CompletionItemKind.Property);
    item.insertText = insert;
    item.detail = detail;
    if (range) item.range = range;
    return item;
  });
}

function problemsOf(document: vscode.TextDocument, root: string): Problem[] {
  const text = document.getText();
  const folder = dirname(document.fileName);
  const id = basename(folder);
  const own = join(folder, '../..');
  const samples = (name: string): string | undefined =>
    [own, root].map((at) => courseText(join(at, 'samples'), name)).find((content) => content !== undefined);
  const { problems } = parseLab(text, { file: 'lab.md', folder, samples });
  const exists = (path: string): boolean => [own, root].some((at) => courseHas(at, path));
  return [...problems, ...lintLab(text, { file: `labs/${id}/lab.md`, exists })];
}

function toDiagnostic({ code, line, column, message, cure }: Problem): vscode.Diagnostic {
  const start = new vscode.Position(line - 1, Math.max(0, column - 1));
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(start, start.with(undefined, 1_000)),
    `${message} ${cure}`,
    vscode.DiagnosticSeverity.Error,
  );
  diagnostic.code = code;
  diagnostic.source = 'Malla';
  return diagnostic;
}
