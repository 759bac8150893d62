// From an empty machine to a verified canary, without a person: what `npm start` does where there is no terminal.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../cluster/cluster.ts';
import { deleteEmbedded } from '../cluster/embedded/embedded.ts';
import { embedded, studentEnvironment } from './access.ts';
import { findLab, loadCourse, previousLabs } from './course.ts';
import { exitCodes, type Host } from './host.ts';
import { describeAction, describeVerdict, exitCodeOf, worst } from './report.ts';
import { type SolvedStep, solveStep } from './solve-step.ts';
import { paintFor } from './style.ts';

/**
 * Runs the labs up to the canary from their written solutions on an embedded cluster of their own, made for this and
 * deleted at the end, so that a student's work is not touched. The whole course: `malla lab comprobar`. Prints each verdict with its evidence, or all in one line of JSON; returns an exit code.
 */
export async function demo(host: Host, options: { json?: boolean } = {}): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'malla-demo-'));
  const own: Host = { ...host, env: { ...host.env, MALLA_HOME: home } };
  try {
    return await runCourse(own, home, options.json ?? false);
  } finally {
    await deleteEmbedded({ home });
    await rm(home, { recursive: true, force: true });
  }
}

async function runCourse(host: Host, home: string, json: boolean): Promise<number> {
  const paint = paintFor(host);
  const write = (text: string): void => {
    if (!json) host.stdout.write(text);
  };
  const begun = performance.now();
  const all = await loadCourse(host);
  const goal = findLab(all, 'canary');
  const course = [...previousLabs(all, goal), goal];
  write(
    `Malla: arranco un clúster embebido (un simulador) y resuelvo ${course.length} laboratorios con su solución escrita, hasta un canary.\n`,
  );
  const access = await embedded(host);
  write(`Clúster en marcha en ${elapsed(begun)}; entrada ${access.entry}\n`);
  const cluster = openCluster(access);
  const env = await studentEnvironment(host, access.kubeconfig);
  const results: (SolvedStep & { lab: string })[] = [];
  let right = 0;

  for (const lab of course) {
    const labBegun = performance.now();
    const labResults: SolvedStep[] = [];
    write(`\n${paint('bold', `${lab.id}: ${lab.title}`)}\n`);
    for (const step of lab.steps) {
      write(`${paint('cyan', step.title)}\n`);
      const solved = await solveStep(lab, step, cluster, host, {
        where: join(home, 'trabajo'),
        env,
        onAction: (action) => write(describeAction(action, paint)),
        onVerdict: (check, verdict) => write(describeVerdict(check.title, verdict, paint)),
      });
      labResults.push(solved);
    }
    const good = labResults.every(wentWell);
    if (good) right++;
    write(`${lab.id}: ${good ? paint('green', 'correcto') : paint('red', 'no está bien')} en ${elapsed(labBegun)}\n`);
    results.push(...labResults.map((result) => ({ ...result, lab: lab.id })));
  }

  write(`\n${right} de ${course.length} laboratorios correctos en ${elapsed(begun)}.\n`);
  const state = worst(results.map((r) => r.state));
  if (json) host.stdout.write(`${JSON.stringify({ state, labs: course.length, right, steps: results })}\n`);
  if (results.every(wentWell)) return exitCodes.right;
  return Math.max(exitCodes.wrong, exitCodeOf(state));
}

function wentWell(result: SolvedStep): boolean {
  return result.state === 'correcto' && result.actions.every((a) => a.exitCode === 0);
}

function elapsed(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1).replace('.', ',')} s`;
}
