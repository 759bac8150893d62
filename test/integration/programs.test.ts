// How Malla runs a program that is not its own: what it tells, what stops it, and that nothing outlives Malla.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ProgramError, tailOf, withoutControls } from '../../src/cluster/programs/program-error.ts';
import { type ProgramCall, runProgram } from '../../src/cluster/programs/run-program.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'malla-run-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs JavaScript in a Node of its own. */
function run(source: string, call: Partial<ProgramCall> = {}) {
  return runProgram({ program: process.execPath, args: ['-e', source], timeout: 60_000, ...call });
}

function failed(promise: Promise<unknown>): Promise<ProgramError> {
  return promise.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: ProgramError) => error,
  );
}

/** A program that writes its number and that of a child of its own, and ends only when it is killed. */
const family = (stubborn: boolean) => `
  ${stubborn ? "process.on('SIGTERM', () => {});" : ''}
  const { spawn } = require('node:child_process');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  console.log(process.pid + ' ' + child.pid);
  setInterval(() => {}, 1000);`;

/** An ended process that nobody has waited for yet does not count. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function allEnd(pids: readonly number[]): Promise<void> {
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 30_000, interval: 20 });
}

describe('a program that ends by itself', () => {
  test('what it wrote and its lines are told', async () => {
    const lines: string[] = [];
    const result = await run(`console.log('uno\\ndos'); console.error('tres'); process.stdout.write('sin fin')`, {
      onLine: (line, from) => lines.push(`${from} ${line}`),
    });
    expect(result).toEqual({ stdout: 'uno\ndos\nsin fin', stderr: 'tres\n', exitCode: 0 });
    expect(lines.toSorted()).toEqual(['stderr tres', 'stdout dos', 'stdout sin fin', 'stdout uno']);
  });

  test('letters cut between two writes, colours and carriage returns are read as a terminal would', async () => {
    const lines: string[] = [];
    const source = `
      const bytes = Buffer.from('señal');
      process.stdout.write(bytes.subarray(0, 3));
      setTimeout(() => process.stdout.write(Buffer.concat([bytes.subarray(3), Buffer.from('\\n\\x1b[32m50 %\\r100 %\\x1b[0m\\u0007\\r\\n')])), 50);`;
    await run(source, { onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['señal', '100 %']);
  });

  test('words reach it as they are, input and folder too, and no environment but what is given', async () => {
    const source = `process.stdin.on('data', (d) => console.log(JSON.stringify([process.argv.slice(1), String(d), process.cwd(), process.env.UNO, process.env.HOME])))`;
    const { stdout } = await runProgram({
      program: process.execPath,
      args: ['-e', source, '$(touch x)', 'a b', '; rm -rf /', '"'],
      timeout: 60_000,
      input: 'entra',
      cwd: folder,
      env: { UNO: '1' },
    });
    expect(JSON.parse(stdout)).toEqual([['$(touch x)', 'a b', '; rm -rf /', '"'], 'entra', folder, '1', null]);
  });

  test('a child that keeps its pipes open does not hold the answer back', async () => {
    const source = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit', detached: true });
      child.unref();
      console.log(child.pid);
      process.exit(0);`;
    const { stdout } = await run(source);
    process.kill(Number(stdout), 'SIGKILL');
  });
});

describe('what goes wrong has a code, the command and the end of what it wrote', () => {
  test('another exit code', async () => {
    const error = await failed(run(`console.error('primera\\nla causa'); process.exit(7)`, {}));
    expect(error).toMatchObject({
      code: 'MALLA-PRG-03',
      trouble: 'código',
      exitCode: 7,
      stderr: 'primera\nla causa\n',
    });
    expect(error.happened).toContain('la causa');
    expect(error.happened).toContain(`${process.execPath} -e '`);
  });

  test('a signal from outside', async () => {
    expect(await failed(run(`process.kill(process.pid, 'SIGKILL')`))).toMatchObject({ code: 'MALLA-PRG-04' });
  });

  test('no such program, and one that cannot run', async () => {
    const program = join(folder, 'nada');
    expect(await failed(run('', { program }))).toMatchObject({ code: 'MALLA-PRG-01' });
    await writeFile(program, 'datos');
    expect(await failed(run('', { program }))).toMatchObject({ code: 'MALLA-PRG-02' });
  });

  test('out of time, even if it does not want to end', async () => {
    const lines: string[] = [];
    const error = await failed(run(family(true), { timeout: 1500, onLine: (line) => lines.push(line) }));
    expect(error).toMatchObject({ code: 'MALLA-PRG-05', trouble: 'tiempo' });
    expect(error.happened).toContain('1,5 s');
    await allEnd(lines.flatMap((line) => line.split(' ').map(Number)));
  });

  test('cancelled before it starts, and in the middle with its children', async () => {
    expect(await failed(run('', { signal: AbortSignal.abort() }))).toMatchObject({ code: 'MALLA-PRG-06' });
    const abort = new AbortController();
    let pids: number[] = [];
    const running = run(family(false), {
      signal: abort.signal,
      onLine(line) {
        pids = line.split(' ').map(Number);
        abort.abort();
      },
    });
    expect(await failed(running)).toMatchObject({ code: 'MALLA-PRG-06', trouble: 'cancelado' });
    expect(pids).toHaveLength(2);
    await allEnd(pids);
  });

  test('too much output does not fill the memory', async () => {
    const source = `const x = 'x'.repeat(100000); const go = () => { while (process.stdout.write(x)); }; process.stdout.on('drain', go); go()`;
    const error = await failed(run(source, { limit: 1024 * 1024 }));
    expect(error).toMatchObject({ code: 'MALLA-PRG-07' });
    expect(error.stdout.length).toBe(1024 * 1024);
  });

  test('a line without an end is told in pieces', async () => {
    let longest = 0;
    await run(`process.stdout.write('x'.repeat(1000000))`, {
      onLine: (line) => (longest = Math.max(longest, line.length)),
    });
    expect(longest).toBeLessThan(300_000);
  });
});

describe.concurrent.each(['SIGTERM', 'SIGINT', 'SIGKILL', 'exit'] as const)('when Malla ends by %s', (how) => {
  test('its programs end, and theirs', async ({ expect }) => {
    const file = join(folder, how);
    const source = `
      import { writeFileSync } from 'node:fs';
      import { runProgram } from ${JSON.stringify(join(import.meta.dirname, '../../src/cluster/programs/run-program.ts'))};
      runProgram({
        program: process.execPath, args: ['-e', ${JSON.stringify(family(how === 'SIGKILL'))}], timeout: 600000,
        onLine(line) {
          writeFileSync(${JSON.stringify(file)}, line);
          console.log('ready');
          ${how === 'exit' ? 'process.exit(0);' : ''}
        },
      });`;
    const malla = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', source],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const gone = once(malla, 'exit');
    await once(malla.stdout, 'data');
    if (how !== 'exit') malla.kill(how);
    await gone;
    const pids = (await readFile(file, 'utf8')).split(' ').map(Number);
    expect(pids).toHaveLength(2);
    await allEnd(pids);
  });
});

test.each([
  ['an open title', '\u001b]'],
  ['an open colour', '\u001b[0;'],
  ['carriage returns', 'x\r'],
  ['letters', 'x'],
])('a megabyte of %s without an end is read in a moment', (_, piece) => {
  const before = process.cpuUsage();
  expect(tailOf(withoutControls(piece.repeat(1_000_000 / piece.length))).length).toBeLessThanOrEqual(1501);
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(5);
});
