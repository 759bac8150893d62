import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseLab } from '../labs/parse.ts';
import { answersFile, forgetSeen, readAnswers, recordAnswer, recordChoice } from './answers-file.ts';
import type { Host } from './host.ts';
import { malla } from './malla.ts';
import { readChapter } from './read-chapter.ts';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'malla-respuestas-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const lab = `---
id: uno
titulo: Uno
capitulo: CHAPTER
minutos: 5
clusters: [embebido]
objetivos: [aprender]
parametros:
  peso: {entre: [1, 1000]}
---

## Paso {#paso}

Peso {{peso}}.

::: pregunta ¿Cuáles son?
- [x] Una
- [ ] Dos
- [x] Tres

Una y tres, \`siempre\`.
:::
`;
const check = `
::: solucion
\`\`\`text respuesta=c
{{peso}}
\`\`\`
:::

\`\`\`yaml comprobaciones
- {id: c, tipo: respuesta, titulo: Sabes el peso, pregunta: ¿Cuánto pesa?, numero: {valor: {{peso}}}}
\`\`\`
`;

async function run(text: string, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const labs = join(home, 'labs');
  await mkdir(join(labs, 'uno'), { recursive: true });
  await writeFile(join(labs, 'uno', 'lab.md'), text);
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const host: Host = {
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: { MALLA_HOME: home, MALLA_LABS: labs },
    cwd: home,
    nodePath: process.execPath,
    root: join(import.meta.dirname, '../..'),
    signal: new AbortController().signal,
    holdInterrupts() {},
  };
  const code = await malla(argv, host);
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

const chapter = lab.replace('CHAPTER', 'true');
const practice = lab.replace('CHAPTER', 'false') + check;

test('a question is answered by letters, and the step of a chapter is done when all is right', async () => {
  expect(await run(chapter, 'responder', 'uno', 'paso/p1', 'a')).toMatchObject({ code: 1 });
  const right = await run(chapter, 'responder', 'uno', 'p1', 'A, c', '--json');
  expect(right.code).toBe(0);
  expect(JSON.parse(right.out)).toEqual({
    lab: 'uno',
    question: 'paso/p1',
    right: true,
    says: 'Una y tres, siempre.',
    passed: ['paso'],
  });
  const [listed] = JSON.parse((await run(chapter, 'labs', '--json')).out);
  expect(listed).toMatchObject({ chapter: true, passed: ['paso'], answers: { questions: { 'paso/p1': [0, 2] } } });
});

test('a check is answered with text, from the seed of the student', async () => {
  const shown = await run(practice, 'lab', 'uno', 'paso', '--semilla', 'ana');
  const weight = /Peso (\d+)/.exec(shown.out)?.[1] ?? '';
  const answered = await run(practice, 'responder', 'uno', 'paso/c', `${weight}`, 'kg', '--semilla', 'ana');
  expect(answered).toMatchObject({ code: 0 });
  expect((await run(practice, 'responder', 'uno', 'c', 'mucho', '--semilla', 'ana')).out).toContain('un número');
  await run(practice, 'semilla', 'ana');
  expect((await run(practice, 'lab', 'uno', 'paso')).out).toBe(shown.out);
  expect((await run(practice, 'lab', 'uno', 'paso', '--semilla', 'berto')).out).not.toBe(shown.out);
});

test('the terminal shows neither which option is right nor why', async () => {
  const { out } = await run(chapter, 'lab', 'uno', 'paso');
  expect(out).toContain('a) Una');
  expect(out).toContain('c) Tres');
  expect(out).not.toMatch(/\[[ x]\]|siempre/);
  expect(out).toContain('malla responder uno paso/p1 a');
});

test.each([
  [['paso/p9', 'a'], 'MALLA-USO-11'],
  [['../p1', 'a'], 'MALLA-USO-11'],
  [['p1', 'z'], 'MALLA-USO-12'],
  [['p1', '<script>'], 'MALLA-USO-12'],
])('%j is refused with its code', async (words, code) => {
  const { code: exit, err } = await run(chapter, 'responder', 'uno', ...words);
  expect(exit).toBe(64);
  expect(err).toContain(code);
});

test('an unreadable file counts as no answers; what was seen in a cluster is forgotten with it', async () => {
  await writeFile(answersFile(home), '{"preguntas": {"uno": {"paso/p1": "x"}}}');
  expect(await readAnswers(home, 'uno')).toEqual({ checks: {}, questions: {} });
  await recordChoice(home, { lab: 'uno', step: 'paso', question: 'p1' }, [1]);
  await recordAnswer(home, { lab: 'uno', step: 'paso', check: 'c' }, 'x'.repeat(9000));
  const { checks } = await readAnswers(home, 'uno');
  expect(checks['paso/c']).toHaveLength(500);
  await forgetSeen(home);
  expect(await readAnswers(home, 'uno')).toEqual({ checks: {}, questions: { 'paso/p1': [1] } });
});

test('a chapter is verified by its answers, without a cluster, and has no solution to apply', async () => {
  expect((await run(chapter, 'verificar', 'uno')).code).toBe(1);
  await run(chapter, 'responder', 'uno', 'p1', 'a,c');
  const { code, out } = await run(chapter, 'verificar', 'uno', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ state: 'correcto', steps: [{ step: 'paso', state: 'correcto' }] });
  expect((await run(chapter, 'resolver', 'uno')).err).toContain('MALLA-USO-13');
});

test('read in the terminal, a chapter asks until the answer is right', async () => {
  const { lab: parsed } = parseLab(chapter, { file: 'lab.md', folder: home, samples: () => undefined });
  if (!parsed) throw new Error('The chapter is right.');
  const typed = ['b', 'nada', 'a c'];
  const stdout = new PassThrough();
  const host = { env: { MALLA_HOME: home, NO_COLOR: '1' }, stdout } as unknown as Host;
  expect(await readChapter(parsed, host, async () => typed.shift() ?? '')).toBe(true);
  expect(typed).toEqual([]);
  expect(String(stdout.read())).toContain('✔ Correcto. Una y tres');
  expect(await readChapter(parsed, host, async () => '')).toBe(true);
});
