// Help for who writes a rubric: fields and names as they type, and what is wrong at its line.
import * as vscode from 'vscode';
import { outlineOf } from '../../grading/rubric/against-course.ts';
import { readRubric } from '../../grading/rubric/read-rubric.ts';
import type { Lab } from '../../labs/lab.ts';
import { completeRubric } from './complete-rubric.ts';
import { isRubricName } from './rubric-name.ts';

const yaml: vscode.DocumentSelector = { pattern: '**/*.{yaml,yml}' };
/** Problems are looked for once the author stops typing. */
const calm = 300;

export function createRubricHelp(labs: readonly Lab[]): vscode.Disposable {
  const course = outlineOf(labs);
  const diagnostics = vscode.languages.createDiagnosticCollection('malla-rubrica');
  const timers = new Map<string, NodeJS.Timeout>();
  const look = (document: vscode.TextDocument): void => {
    if (!isRubricName(document.fileName)) return;
    const key = document.uri.toString();
    clearTimeout(timers.get(key));
    const tell = (): void => {
      timers.delete(key);
      if (document.isClosed) return;
      const { problems } = readRubric(document.getText(), document.fileName, course);
      diagnostics.set(
        document.uri,
        problems.map(({ code, line, column, message, cure }) => {
          const start = new vscode.Position(line - 1, Math.max(0, column - 1));
          const range = new vscode.Range(start, start.with(undefined, 1_000));
          const told = new vscode.Diagnostic(range, `${message} ${cure}`, vscode.DiagnosticSeverity.Error);
          told.code = code;
          told.source = 'Malla';
          return told;
        }),
      );
    };
    timers.set(key, setTimeout(tell, calm));
  };
  for (const document of vscode.workspace.textDocuments) look(document);
  return vscode.Disposable.from(
    diagnostics,
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => diagnostics.delete(uri)),
    vscode.languages.registerCompletionItemProvider(
      yaml,
      {
        provideCompletionItems: (document, position) =>
          !isRubricName(document.fileName)
            ? []
            : completeRubric(document.getText(), position.line, position.character, course).map(
                ({ label, insert, detail }) => {
                  const item = new vscode.CompletionItem(label, vscode.CompletionItemKind.Property);
                  item.insertText = insert;
                  item.detail = detail;
                  const range = document.getWordRangeAtPosition(position, /[\w/-]+/);
                  if (range) item.range = range;
                  return item;
                },
              ),
      },
      ' ',
      '-',
      ':',
    ),
    {
      dispose() {
        for (const timer of timers.values()) clearTimeout(timer);
      },
    },
  );
}
