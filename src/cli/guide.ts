// The guide: shows a step, opens a shell ready to work in, and turns the step green by itself when it is right.
import { createInterface } from 'node:readline/promises';
import { followLab } from '../checks/follow.ts';
import { isPassed } from '../checks/step-state.ts';
import { readChosen } from '../cluster/chosen.ts';
import type { Cluster } from '../cluster/contract.ts';
import { mallaHome } from '../cluster/home.ts';
import { answeredSteps, answerKey, isVerifiable } from '../labs/answers.ts';
import type { Lab, Step } from '../labs/lab.ts';
import { renderTerminal } from '../labs/terminal.ts';
import { reachCluster, studentEnvironment } from './access.ts';
import { answersFile, readAnswers } from './answers-file.ts';
import { describeChosen } from './choose-cluster.ts';
import { findLab, loadCourse } from './course.ts';
import { exitCodes, type Host } from './host.ts';
import { evidenceKeeper } from './keep-evidence.ts';
import { labFolder } from './lab-folder.ts';
import { latestVerdicts } from './latest-verdicts.ts';
import { progressFile, readProgress, recordPassed } from './progress-file.ts';
import { readChapter } from './read-chapter.ts';
import { describeVerdict } from './report.ts';
import { openShell } from './shell.ts';
import { paintFor } from './style.ts';
import { watchWrites } from './watch-file.ts';

/** Goes on from the first lab that is not finished, or from `labId`. Returns an exit code. */
export async function guide(host: Host, labId: string | undefined): Promise<number> {
  const course = await loadCourse(host);
  const home = mallaHome(host.env);
  let lab = labId ? findLab(course, labId) : await nextLab(course, home);
  /** The usual cluster, and the machines of the lab that makes one. */
  const places = new Map<boolean, Place>();
  while (lab && !host.signal.aborted) {
    if (lab.chapter) await readAloud(lab, host);
    else {
      const own = lab.machines ?? false;
      const place = places.get(own) ?? (await start(host, lab));
      places.set(own, place);
      if (!(await workOn(lab, course, place.cluster, place.env, host))) {
        host.stdout.write(
          `Hasta luego. Sigue cuando quieras con «malla guia ${lab.id}»; el clúster y tus ficheros quedan como están.\n`,
        );
        return exitCodes.right;
      }
    }
    // A chapter may be left for later: what comes next is what comes after it.
    const next: Lab | undefined = await nextLab(course.slice(course.indexOf(lab) + 1), home);
    if (!next || !(await agrees(host, `¿Seguimos con «${next.title}»? [S/n] `))) break;
    lab = next;
  }
  if (!(await nextLab(course, home))) host.stdout.write('Has terminado todos los laboratorios. ¡Enhorabuena!\n');
  return exitCodes.right;
}

interface Place {
  cluster: Cluster;
  env: Record<string, string | undefined>;
}

async function start(host: Host, lab: Lab): Promise<Place> {
  const chosen = await readChosen(mallaHome(host.env));
  host.stdout.write(`Malla: trabajas en ${describeChosen(chosen)}.\n`);
  const cluster = await reachCluster(host, {}, lab);
  return { cluster, env: await studentEnvironment(host, cluster.access.kubeconfig) };
}

async function readAloud(chapter: Lab, host: Host): Promise<void> {
  const prompt = createInterface({ input: host.stdin, output: host.stdout });
  try {
    const ask = (question: string): Promise<string> => prompt.question(question, { signal: host.signal });
    const done = await readChapter(chapter, host, ask);
    host.stdout.write(done ? `Capítulo ${chapter.id} terminado.\n` : 'Lo dejas para otro momento.\n');
  } finally {
    prompt.close();
  }
}

/** True when every step ended right; false when the student left the shell before. */
async function workOn(
  lab: Lab,
  course: readonly Lab[],
  cluster: Cluster,
  env: Record<string, string | undefined>,
  host: Host,
): Promise<boolean> {
  const paint = paintFor(host);
  const home = mallaHome(host.env);
  const folder = await labFolder(host.cwd, lab.id);
  const passed = new Set((await readProgress(home))[lab.id] ?? []);
  const say = (text: string): void => void host.stdout.write(text.replaceAll('\n', '\r\n'));
  const render = (markdown: string): string =>
    renderTerminal(markdown, { width: Math.min(host.stdout.columns ?? 100, 100), color: !host.env.NO_COLOR });
  const pending = (): Step | undefined => lab.steps.find((s) => s.checks.length > 0 && !passed.has(s.id));
  // Steps that are right already, or have nothing to check, are shown on the way to the next one that is not.
  const showFrom = (first: number): void => {
    for (const step of lab.steps.slice(first)) {
      say(`\n${paint('bold', `── ${step.title} ──`)}\n\n${render(step.markdown)}\n`);
      if (step.checks.length === 0) continue;
      if (!passed.has(step.id)) return;
      say(paint('green', '✔ Este paso ya está bien.\n'));
    }
    say(`\n${paint('green', `Laboratorio ${lab.id} terminado.`)} Sal de esta consola con «exit».\n`);
  };

  say(`\n${paint('bold', lab.title)} ${paint('dim', `· ${lab.minutes} minutos`)}\n\n${render(lab.introduction)}\n`);
  showFrom(whereToGoOn(lab, passed));
  say(
    paint(
      'dim',
      `\nTrabajas en ${folder}. Cada paso se comprueba solo; «malla verificar ${lab.id}» lo comprueba ahora y explica los fallos,\n` +
        `«malla lab ${lab.id} 1» vuelve a enseñar un paso y «exit» sale.\n\n`,
    ),
  );

  const stop = new AbortController();
  let answers = await readAnswers(home, lab.id);
  const keeper = evidenceKeeper({ host, cluster, course, where: host.cwd });
  const latest = latestVerdicts(lab);
  const follower = await followLab(lab, cluster, {
    signal: AbortSignal.any([host.signal, stop.signal]),
    passed: [...passed],
    passedElsewhere: async () => (await readProgress(home))[lab.id] ?? [],
    answerOf: (step, check) => answers.checks[answerKey(step, check)],
    onChange(event) {
      const judged = latest.hear(event);
      if (judged) void keeper.keep({ lab, ...judged });
      if (event.event === 'check' && event.verdict?.state === 'correcto' && event.step === pending()?.id) {
        const check = lab.steps.find((s) => s.id === event.step)?.checks.find((c) => c.id === event.check);
        say(`\n${describeVerdict(check?.title ?? event.check, event.verdict, paint)}`);
      }
      if (event.event === 'step' && isPassed(event.state) && !passed.has(event.step)) {
        const current = pending();
        passed.add(event.step);
        void recordPassed(home, lab.id, event.step);
        if (current?.id === event.step) showFrom(lab.steps.indexOf(current) + 1);
      }
      if (event.event === 'cluster' && event.state === 'lost')
        say(`\n${paint('yellow', 'El clúster ha dejado de responder; sigo intentándolo.')}\n`);
    },
  });
  watchWrites(answersFile(home), AbortSignal.any([host.signal, stop.signal]), async () => {
    answers = await readAnswers(home, lab.id);
    follower.answered();
  });
  watchWrites(progressFile(home), AbortSignal.any([host.signal, stop.signal]), () => void follower.progressed());
  await openShell({ host, env, folder, label: lab.id });
  stop.abort();
  await keeper.done();
  return pending() === undefined;
}

/** The first step that is not right, with the explanations just before it. */
function whereToGoOn(lab: Lab, passed: ReadonlySet<string>): number {
  const first = lab.steps.findIndex((s) => s.checks.length > 0 && !passed.has(s.id));
  let from = first < 0 ? lab.steps.length : first;
  while (from > 0 && lab.steps[from - 1]?.checks.length === 0) from--;
  return from;
}

async function nextLab(course: readonly Lab[], home: string): Promise<Lab | undefined> {
  const progress = await readProgress(home);
  for (const lab of course) {
    const passed = [...(progress[lab.id] ?? []), ...answeredSteps(lab, await readAnswers(home, lab.id))];
    if (lab.steps.some((s) => isVerifiable(lab, s) && !passed.includes(s.id))) return lab;
  }
  return undefined;
}

async function agrees(host: Host, question: string): Promise<boolean> {
  const prompt = createInterface({ input: host.stdin, output: host.stdout });
  try {
    const answer = await prompt.question(question, { signal: host.signal });
    return !/^n/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    prompt.close();
  }
}
