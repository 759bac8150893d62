// `malla seguir`: keeps watching a lab and says what changes, one JSON object a line. The editor lives on this.
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { type FollowEvent, followLab } from '../../checks/follow.ts';
import { createLabStream } from '../../checks/lab-stream.ts';
import { isPassed } from '../../checks/step-state.ts';
import type { Verdict } from '../../checks/verdict.ts';
import { ClusterError } from '../../cluster/cluster-error.ts';
import { mallaHome } from '../../cluster/home.ts';
import { answerKey } from '../../labs/answers.ts';
import { type AccessOptions, reachCluster, withAccessOptions } from '../access.ts';
import { answersFile, readAnswers } from '../answers-file.ts';
import { findLab, loadCourse } from '../course.ts';
import type { Invocation } from '../host.ts';
import { evidenceKeeper } from '../keep-evidence.ts';
import { latestVerdicts } from '../latest-verdicts.ts';
import { progressFile, readProgress, recordPassed } from '../progress-file.ts';
import { describeVerdict } from '../report.ts';
import { withStudentLine } from '../student-files.ts';
import { paintFor } from '../style.ts';
import { watchWrites } from '../watch-file.ts';

interface Options extends AccessOptions {
  carpeta: string;
  json?: boolean;
}

export function followCommand(program: Command, { host }: Invocation): void {
  withAccessOptions(
    program
      .command('seguir')
      .description('vigila un laboratorio y avisa de cada cambio hasta que lo pares')
      .argument('<LAB>', 'el laboratorio')
      .option('--carpeta <CARPETA>', 'dónde está la carpeta del laboratorio con tus ficheros', host.cwd)
      .option(
        '--json',
        'una línea de JSON por suceso; por la entrada acepta {"do":"verify","step":"…"}, {"do":"traffic","flow":false} y {"do":"stop"}',
      ),
  ).action(async (id: string, options: Options) => {
    const course = await loadCourse(host);
    const lab = findLab(course, id);
    const cluster = await reachCluster(host, options, lab);
    const home = mallaHome(host.env);
    const stop = new AbortController();
    const signal = AbortSignal.any([host.signal, stop.signal]);
    const paint = paintFor(host);

    // One after another: the file may be read before the next event is told, never after it.
    let telling = Promise.resolve();
    const onChange = (event: FollowEvent): void => {
      telling = telling.then(async () => tell(await pointed(event)));
    };
    const pointedVerdict = (verdict: Verdict): Promise<Verdict> => withStudentLine(verdict, options.carpeta, lab.id);
    const pointed = async (event: FollowEvent): Promise<FollowEvent> => {
      if (event.event === 'check' && event.verdict) return { ...event, verdict: await pointedVerdict(event.verdict) };
      if (event.event !== 'verified') return event;
      return { ...event, verdicts: await Promise.all(event.verdicts.map(pointedVerdict)) };
    };
    const keeper = evidenceKeeper({ host, cluster, course, where: options.carpeta });
    const latest = latestVerdicts(lab);
    const tell = async (event: FollowEvent): Promise<void> => {
      const judged = latest.hear(event);
      if (judged) void keeper.keep({ lab, ...judged });
      if (event.event === 'step' && isPassed(event.state)) await recordPassed(home, lab.id, event.step);
      if (options.json) host.stdout.write(`${JSON.stringify(event)}\n`);
      else if (event.event === 'check' && event.verdict) {
        const check = lab.steps.find((s) => s.id === event.step)?.checks.find((c) => c.id === event.check);
        host.stdout.write(describeVerdict(check?.title ?? event.check, event.verdict, paint));
      } else if (event.event === 'traffic') host.stdout.write(`  ${paint('dim', describeTraffic(event))}\n`);
    };
    const passedSteps = async (): Promise<string[]> => (await readProgress(home))[lab.id] ?? [];
    let answers = await readAnswers(home, lab.id);
    const follower = await followLab(lab, cluster, {
      onChange,
      signal,
      passed: await passedSteps(),
      // `malla resolver` and `malla verificar` write down a step before they, or who reads them, go on to the next.
      passedElsewhere: passedSteps,
      answerOf: (step, check) => answers.checks[answerKey(step, check)],
    });
    const verify = async (step: string): Promise<void> => {
      let verdicts: Verdict[] = [];
      try {
        verdicts = await follower.verify(step);
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        onChange({ event: 'error', code: error.code, message: error.happened });
      }
      onChange({ event: 'verified', step, verdicts });
    };
    watchWrites(answersFile(home), signal, async () => {
      answers = await readAnswers(home, lab.id);
      follower.answered();
    });

    watchWrites(progressFile(home), signal, () => void follower.progressed());

    const stream = createLabStream(lab, cluster, { signal, onChange });
    stream.start();

    const orders = createInterface({ input: host.stdin });
    orders.on('line', (line) => {
      const order = readOrder(line);
      if (order?.do === 'stop') stop.abort();
      if (order?.do === 'verify') void verify(order.step);
      if (order?.do === 'traffic') order.flow ? stream.start() : stream.stop();
    });
    // With JSON the reader owns this process: when it goes away, so does it.
    orders.on('close', () => {
      if (options.json) stop.abort();
    });
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    orders.close();
    host.stdin.pause();
    await telling;
    await keeper.done();
  });
}

type Order = { do: 'verify'; step: string } | { do: 'traffic'; flow: boolean } | { do: 'stop' };

/** `Tráfico: 2/s`, and why it is of no use when it is not. */
function describeTraffic({ rate, trouble }: Extract<FollowEvent, { event: 'traffic' }>): string {
  return `${rate > 0 ? `Tráfico: ${rate}/s` : 'Tráfico parado'}${trouble ? ` (${trouble})` : ''}`;
}

/** Undefined for anything that is not one of these orders. */
function readOrder(line: string): Order | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('do' in value)) return undefined;
    if (value.do === 'stop') return { do: 'stop' };
    if (value.do === 'verify' && 'step' in value && typeof value.step === 'string')
      return { do: 'verify', step: value.step };
    if (value.do === 'traffic' && 'flow' in value && typeof value.flow === 'boolean')
      return { do: 'traffic', flow: value.flow };
  } catch {
    // Not JSON: ignored like any other unknown order.
  }
  return undefined;
}
