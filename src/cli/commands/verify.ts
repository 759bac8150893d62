import type { Command } from 'commander';
import { createLabStream } from '../../checks/lab-stream.ts';
import { mallaHome } from '../../cluster/home.ts';
import { type AccessOptions, reachCluster, withAccessOptions } from '../access.ts';
import { findLab, findStep, loadCourse } from '../course.ts';
import type { Invocation } from '../host.ts';
import { readProgress, recordPassed } from '../progress-file.ts';
import { describeVerdict, exitCodeOf, worst } from '../report.ts';
import { paintFor } from '../style.ts';
import { type StepResult, verifyStep } from '../verify-step.ts';

export function verifyCommand(program: Command, { host, exit }: Invocation): void {
  withAccessOptions(
    program
      .command('verificar')
      .description('comprueba un laboratorio, o uno de sus pasos, en el clúster')
      .argument('<LAB>', 'el laboratorio')
      .argument('[PASO]', 'número o nombre del paso')
      .option('--json', 'una línea de JSON'),
  ).action(async (id: string, stepName: string | undefined, options: AccessOptions & { json?: boolean }) => {
    const lab = findLab(await loadCourse(host), id);
    const steps = stepName === undefined ? lab.steps : [findStep(lab, stepName)];
    const cluster = await reachCluster(host, options);
    const home = mallaHome(host.env);
    const paint = paintFor(host);
    const results: StepResult[] = [];
    const stream = createLabStream(lab, cluster, { signal: host.signal });
    stream.start();
    for (const step of steps) {
      if (!options.json && step.checks.length > 0) host.stdout.write(`${paint('bold', step.title)}\n`);
      const result = await verifyStep(step, cluster, host.signal, (check, verdict) => {
        if (!options.json) host.stdout.write(describeVerdict(check.title, verdict, paint));
      });
      if (result.state === 'correcto') await recordPassed(home, lab.id, step.id);
      results.push(result);
    }
    stream.stop();
    const passed =
      stepName === undefined ? overtaken(results, (await readProgress(home))[lab.id] ?? []) : new Set<string>();
    const state = worst(results.filter((r) => !passed.has(r.step)).map((r) => r.state));
    if (options.json) {
      const steps = results.map((r) => ({ ...r, overtaken: passed.has(r.step) }));
      host.stdout.write(`${JSON.stringify({ lab: lab.id, state, steps })}\n`);
    } else if (passed.size > 0) {
      const titles = lab.steps.filter((s) => passed.has(s.id)).map((s) => `«${s.title}»`);
      host.stdout.write(
        `${paint('dim', `Ya lo tuviste bien, y un paso posterior lo ha cambiado: ${titles.join(', ')}.`)}\n`,
      );
    }
    exit(exitCodeOf(state));
  });
}

/**
 * Steps that are not right now but once were, with a later step right now: a canary that has moved from 90/10 to 50/50
 * no longer shows 90/10, and that is no mistake.
 */
function overtaken(results: readonly StepResult[], everPassed: readonly string[]): Set<string> {
  const lastRight = results.findLastIndex((r) => r.state === 'correcto' && r.checks.length > 0);
  return new Set(
    results.filter((r, i) => i < lastRight && r.state !== 'correcto' && everPassed.includes(r.step)).map((r) => r.step),
  );
}
