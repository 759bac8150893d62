import type { Command } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import { mallaHome } from '../../cluster/home.ts';
import { readExam, withholds } from '../../grading/exam/exam-state.ts';
import type { Lab } from '../../labs/lab.ts';
import { type AccessOptions, reachCluster, studentEnvironment, withAccessOptions } from '../access.ts';
import { findLab, findStep, loadCourse, previousLabs } from '../course.ts';
import { examError } from '../exam/exam-error.ts';
import type { Invocation } from '../host.ts';
import { evidenceKeeper } from '../keep-evidence.ts';
import { recordPassed } from '../progress-file.ts';
import { describeAction, describeVerdict, exitCodeOf, worst } from '../report.ts';
import { type SolvedStep, solveStep } from '../solve-step.ts';
import { paintFor } from '../style.ts';

interface Options extends AccessOptions {
  paso?: string;
  previos?: boolean;
  carpeta: string;
  json?: boolean;
}

export function solveCommand(program: Command, { host, exit }: Invocation): void {
  withAccessOptions(
    program
      .command('resolver')
      .description('aplica la solución escrita de un laboratorio y la comprueba')
      .argument('<LAB>', 'el laboratorio')
      .option('--paso <PASO>', 'solo ese paso')
      .option('--previos', 'antes, resuelve los laboratorios de los que parte')
      .option('--carpeta <CARPETA>', 'dónde crear los ficheros', host.cwd)
      .option('--json', 'una línea de JSON'),
  ).action(async (id: string, options: Options) => {
    const course = await loadCourse(host);
    const lab = findLab(course, id);
    const only = options.paso === undefined ? undefined : findStep(lab, options.paso);
    if (lab.chapter) throw onlyRead(lab);
    const all = options.previos ? [...previousLabs(course, lab), lab] : [lab];
    const exam = readExam(mallaHome(host.env));
    for (const each of all)
      if (withholds(exam, each.id, 'solutions'))
        throw examError('MALLA-EXA-05', `${each.title} es de tu examen: no se puede aplicar su solución.`);
    const cluster = await reachCluster(host, options, lab);
    const env = await studentEnvironment(host, cluster.access.kubeconfig);
    const paint = paintFor(host);
    const write = (text: string): void => {
      if (!options.json) host.stdout.write(text);
    };
    const results: (SolvedStep & { lab: string })[] = [];
    const keeper = evidenceKeeper({ host, cluster, course, where: options.carpeta });
    for (const each of all) {
      write(`${paint('bold', each.title)}\n`);
      for (const step of each === lab && only ? [only] : each.steps) {
        write(`${paint('cyan', step.title)}\n`);
        const solved = await solveStep(each, step, cluster, host, {
          where: options.carpeta,
          env,
          onAction: (action) => write(describeAction(action, paint)),
          onVerdict: (check, verdict) => write(describeVerdict(check.title, verdict, paint)),
        });
        if (solved.state === 'correcto') await recordPassed(mallaHome(host.env), each.id, step.id);
        results.push({ ...solved, lab: each.id });
        if (solved.checks.length > 0)
          await keeper.keep({ lab: each, step, verdicts: solved.checks.map((c) => c.verdict) });
        if (solved.actions.some((a) => a.exitCode !== 0)) break;
      }
    }
    const state = worst(results.map((r) => r.state));
    if (options.json) host.stdout.write(`${JSON.stringify({ lab: lab.id, state, steps: results })}\n`);
    exit(exitCodeOf(state));
  });
}

function onlyRead({ id }: Lab): CodedError {
  return new CodedError({
    code: 'MALLA-USO-13',
    happened: `«${id}» es un capítulo de teoría: no hay nada que aplicar.`,
    expected: 'Un laboratorio con algo que hacer en un clúster.',
    todo: `Léelo con «malla lab ${id}» y contesta a sus preguntas.`,
  });
}
