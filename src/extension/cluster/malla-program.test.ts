import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createMallaProgram } from './malla-program.ts';

const scratch = mkdtempSync(join(tmpdir(), 'malla-program-'));
afterAll(() => rmSync(scratch, { recursive: true }));
let count = 0;
const programOf = (source: string, env: Record<string, string | undefined> = process.env) => {
  count += 1;
  const entry = join(scratch, `${count}.mjs`);
  writeFileSync(entry, source);
  return createMallaProgram({ nodePath: process.execPath, entry, env });
};

test('the result is the last JSON line, whatever is printed before', async () => {
  const program = programOf(`console.log('hola'); console.log('{"a":1}'); console.log('{"a":2}')`);
  expect(await program.run([])).toEqual({ exitCode: 0, value: { a: 2 } });
});

test('arguments arrive as they are, with no shell between', async () => {
  const program = programOf('console.log(JSON.stringify(process.argv.slice(2)))');
  const args = ['a b', '$(touch x)', ';', '"', "'"];
  expect((await program.run(args)).value).toEqual(args);
});

test("the editor's own variables do not reach the program, and it runs as Node", async () => {
  const source =
    'console.log(JSON.stringify([process.env.VSCODE_IPC, process.env.ELECTRON_RUN_AS_NODE, process.env.A]))';
  const program = programOf(source, { ...process.env, VSCODE_IPC: 'x', A: 'a' });
  expect((await program.run([])).value).toEqual([null, '1', 'a']);
});

test('a coded error becomes the problem', async () => {
  const error = { code: 'MALLA-CLU-01', happened: 'h', expected: 'e', todo: 't' };
  const program = programOf(`console.log(JSON.stringify({ error: ${JSON.stringify(error)} })); process.exit(69)`);
  expect(await program.run([])).toMatchObject({ exitCode: 69, problem: error });
});

test('an exit code with a result is a result, not a problem', async () => {
  const program = programOf(`console.log('{"state":"incorrecto"}'); process.exit(1)`);
  expect(await program.run([])).toEqual({ exitCode: 1, value: { state: 'incorrecto' } });
});

test('a program that breaks off is a problem with its last words', async () => {
  const { problem } = await programOf(`console.error('boom'); process.exit(3)`).run([]);
  expect(problem?.code).toBe('MALLA-EDI-02');
  expect(problem?.happened).toContain('boom');
});

test('a program that is not there is a problem', async () => {
  const program = createMallaProgram({ nodePath: join(scratch, 'no-node'), entry: 'x', env: process.env });
  expect((await program.run([])).problem?.code).toBe('MALLA-EDI-01');
});

test('aborting ends the program', async () => {
  const stop = new AbortController();
  const running = programOf('setInterval(() => {}, 1000)').run([], { signal: stop.signal });
  stop.abort();
  expect((await running).exitCode).not.toBe(0);
});

test('a followed program hears orders and, when asked to stop, ends without a problem', async () => {
  const program = programOf(`
    process.stdin.setEncoding('utf8').on('data', (d) => {
      for (const line of d.split('\\n').filter(Boolean)) {
        if (JSON.parse(line).do === 'stop') process.exit(0);
        console.log(JSON.stringify({ heard: JSON.parse(line) }));
      }
    });`);
  const heard: unknown[] = [];
  await new Promise<void>((resolve, reject) => {
    const following = program.follow([], {
      onLine(value) {
        heard.push(value);
        following.stop();
      },
      onEnd: (problem) => (problem ? reject(new Error(problem.happened)) : resolve()),
    });
    following.order({ do: 'verify', step: 'x' });
  });
  expect(heard).toEqual([{ heard: { do: 'verify', step: 'x' } }]);
});

test('a followed program that dies alone tells its coded error if it said one', async () => {
  const error = { code: 'MALLA-CLU-05', happened: 'h', expected: 'e', todo: 't' };
  const program = programOf(`console.log(JSON.stringify({ error: ${JSON.stringify(error)} })); process.exit(69)`);
  const problem = await new Promise((resolve) => {
    program.follow([], { onLine() {}, onEnd: resolve });
  });
  expect(problem).toEqual(error);
});
