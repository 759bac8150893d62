import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Problem } from '../../language/diagnostics/problem.ts';
import { bookinfoYaml, canaryYaml, subsetsYaml } from '../../language/fixtures.ts';
import type { FollowListener, MallaProgram } from '../cluster/malla-program.ts';
import { folderFiles } from './folder-files.ts';
import { createLanguageService, type LanguageService } from './language-service.ts';

let folder: string;
let service: LanguageService;
let notes: unknown[];
let listener: FollowListener | undefined;
let followed: string[];

const program: MallaProgram = {
  run: () => Promise.reject(new Error('unused')),
  follow(args, given) {
    followed.push(args.join(' '));
    listener = given;
    return { order() {}, stop() {} };
  },
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malla-language-'));
  notes = [];
  followed = [];
  listener = undefined;
  service = createLanguageService({ program, onNote: (note) => notes.push(note) });
});
afterEach(() => {
  service.stop();
  rmSync(folder, { recursive: true, force: true });
});

const uri = (name: string) => pathToFileURL(join(folder, name)).href;
const problems = async (name: string): Promise<Problem[]> => {
  const answer = await service.ask({ id: 1, ask: 'problems', question: { uri: uri(name) } });
  return 'answer' in answer ? (answer.answer as Problem[]) : [];
};
const codes = async (name: string) => (await problems(name)).map(({ code }) => code.slice(-2));
async function told(count: number): Promise<void> {
  while (notes.filter((note) => JSON.stringify(note) === '{"note":"known"}').length < count)
    await new Promise((resolve) => setTimeout(resolve, 5));
}

test('files of the folder are known, those behind a loop of links only once, and a mark of byte order does not count', async () => {
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  symlinkSync(folder, join(folder, 'a/b/loop'));
  writeFileSync(join(folder, 'a/b/bookinfo.yml'), `\uFEFF${bookinfoYaml}`);
  writeFileSync(join(folder, 'a/subsets.yaml'), subsetsYaml);
  const found: string[] = [];
  for await (const { path, text } of folderFiles([folder], new AbortController().signal)) {
    found.push(path);
    expect(text.startsWith('\uFEFF')).toBe(false);
  }
  expect(found.length).toBe(2);
  service.tell({ tell: 'opened', uri: uri('canary.yaml'), text: canaryYaml });
  service.tell({ tell: 'folders', paths: [folder] });
  await told(1);
  expect(await codes('canary.yaml')).toEqual([]);
});

test('reading a folder ends at its limits', async () => {
  for (let i = 0; i < 5; i += 1) writeFileSync(join(folder, `${i}.yaml`), canaryYaml);
  const limits = { files: 3, fileSize: 1000, totalSize: 10_000 };
  let files = 0;
  for await (const _ of folderFiles([folder, '/does/not/exist'], new AbortController().signal, limits)) files += 1;
  expect(files).toBe(3);
});

test('changes are made one after the other, and a file that is closed counts as it is on disk', async () => {
  writeFileSync(join(folder, 'subsets.yaml'), subsetsYaml);
  service.tell({ tell: 'opened', uri: uri('base.yaml'), text: bookinfoYaml });
  service.tell({ tell: 'opened', uri: uri('subsets.yaml'), text: subsetsYaml });
  service.tell({ tell: 'opened', uri: uri('canary.yaml'), text: canaryYaml });
  const at = subsetsYaml.lastIndexOf('name: v2') + 'name: '.length;
  const changes = [
    { offset: at, length: 2, text: '' },
    { offset: at, length: 0, text: 'nueva' },
  ];
  service.tell({ tell: 'changed', uri: uri('subsets.yaml'), changes });
  expect(await codes('canary.yaml')).toEqual(['10']);
  service.tell({ tell: 'closed', uri: uri('subsets.yaml') });
  while ((await codes('canary.yaml')).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('a file that goes from the disk is forgotten', async () => {
  writeFileSync(join(folder, 'subsets.yaml'), subsetsYaml);
  service.tell({ tell: 'opened', uri: uri('base.yaml'), text: bookinfoYaml });
  service.tell({ tell: 'opened', uri: uri('canary.yaml'), text: canaryYaml });
  service.tell({ tell: 'filesChanged', paths: [join(folder, 'subsets.yaml')] });
  await told(1);
  expect(await codes('canary.yaml')).toEqual([]);
  rmSync(join(folder, 'subsets.yaml'));
  service.tell({ tell: 'filesChanged', paths: [join(folder, 'subsets.yaml')] });
  await told(2);
  expect(await codes('canary.yaml')).toEqual(['10', '10']);
});

test('the cluster is read once for each address, its objects count when all are told, and go when it ends', async () => {
  service.tell({ tell: 'opened', uri: uri('canary.yaml'), text: canaryYaml });
  service.tell({ tell: 'cluster', access: { kubeconfig: '/k', entry: 'http://127.0.0.1:1' } });
  service.tell({ tell: 'cluster', access: { kubeconfig: '/k', entry: 'http://127.0.0.1:1' } });
  expect(followed).toEqual(['hechos --kubeconfig /k --entrada http://127.0.0.1:1']);
  const spec = { selector: { app: 'reviews' }, ports: [{ port: 9080 }] };
  const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'reviews', namespace: 'default' }, spec };
  listener?.onLine({ event: 'object', type: 'ADDED', object });
  listener?.onLine({ event: 'object', type: 'ADDED', object: { kind: 'odd' } });
  listener?.onLine('odd');
  listener?.onLine({ event: 'live' });
  await told(1);
  expect((await problems('canary.yaml')).map(({ code, severity }) => `${code.slice(-2)} ${severity}`)).toEqual([
    '10 error',
    '10 error',
  ]);
  listener?.onEnd(undefined);
  await told(2);
  expect(await codes('canary.yaml')).toEqual(['08', '10', '08', '10']);
});

test('a question that is none is answered with a failure', async () => {
  expect(
    await service.ask({
      id: 7,
      ask: 'toString' as 'hover',
      question: { uri: '', position: { line: 0, character: 0 } },
    }),
  ).toMatchObject({ id: 7, failure: expect.any(String) });
});
