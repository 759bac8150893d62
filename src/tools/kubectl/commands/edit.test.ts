import { expect, test } from 'vitest';
import { editorOf } from './edit.ts';

test('the editor is the one that was named, and in a terminal of VS Code it is VS Code', () => {
  expect(editorOf({ KUBE_EDITOR: 'nano -w', EDITOR: 'ed' })).toEqual(['nano', '-w']);
  expect(editorOf({ EDITOR: 'ed', TERM_PROGRAM: 'vscode' })).toEqual(['ed']);
  expect(editorOf({ TERM_PROGRAM: 'vscode' })).toEqual(process.platform === 'win32' ? ['notepad'] : ['code', '--wait']);
  expect(editorOf({})).toEqual([process.platform === 'win32' ? 'notepad' : 'vi']);
});
