import type { Command } from 'commander';
import { mallaHome } from '../../cluster/home.ts';
import { type AccessOptions, reachCluster, withAccessOptions } from '../access.ts';
import { findLab, findStep, loadCourse } from '../course.ts';
import type { Invocation } from '../host.ts';
import { evidenceKeeper } from '../keep-evidence.ts';
import { overtakenSteps } from '../overtaken.ts';
import { readProgress, recordPassed } from '../progress-file.ts';
import { describeVerdict, exitCodeOf, worst } from '../report.ts';
import { paintFor } from '../style.ts';
import { verifyChapter } from '../verify-chapter.ts';
import { verifyLab } from '../verify-lab.ts';

export function verifyCommand(program: Command, { host, exit }: Invocation): void {
  withAccessOptions(
    program
      .command('verificar')
      .description('comprueba un laboratorio, o uno de sus pasos, en el clúster')
      .argument('<LAB>', 'el laboratorio')
      .argument('[PASO]', 'número o nombre del paso')
      .option('--carpeta <CARPETA>', 'dónde está la carpeta del laboratorio con tus ficheros', host.cwd)
      .option('--json', 'una línea de JSON'),
  ).action(
    async (id: string, stepName: string | undefined, options: AccessOptions & { carpeta: string; json?: boolean }) => {
      const course = await loadCourse(host);
      const lab = findLab(course, id);
      const steps = stepName === undefined ? lab.steps : [findStep(lab, stepName)];
      if (lab.chapter) return exit(await verifyChapter(lab, steps, host, options.json ?? false));
      const cluster = await reachCluster(host, options, lab);
      const home = mallaHome(host.env);
      const paint = paintFor(host);
      const results = await verifyLab(lab, cluster, host, {
        steps,
        where: options.carpeta,
        onStep: (step) => {
          if (!options.json && step.checks.length > 0) host.stdout.write(`${paint('bold', step.title)}\n`);
        },
        onVerdict: (check, verdict) => {
          if (!options.json) host.stdout.write(describeVerdict(check.title, verdict, paint));
        },
      });
      for (const { state, step } of results) if (state === 'correcto') await recordPassed(home, lab.id, step);
      const keeper = evidenceKeeper({ host, cluster, course, where: options.carpeta });
      for (const step of steps) {
        const verdicts = results.find((r) => r.step === step.id)?.checks.map((c) => c.verdict) ?? [];
        if (verdicts.length > 0) await keeper.keep({ lab, step, verdicts });
      }
      const passed =
        stepName === undefined ? overtakenSteps(results, (await readProgress(home))[lab.id] ?? []) : new Set<string>();
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
    },
  );
}
