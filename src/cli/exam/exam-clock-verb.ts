// `malla examen reloj`: the clock of an exam in a terminal. It keeps the work, and hands it in when the time is up.
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { CodedError } from '../../cluster/coded-error.ts';
import { mallaHome } from '../../cluster/home.ts';
import { clockText, runExamClock } from '../../grading/exam/exam-clock.ts';
import { type Exam, readExam } from '../../grading/exam/exam-state.ts';
import type { Host } from '../host.ts';
import { saveExam } from './save-exam.ts';

export interface ClockVerbs {
  /** Hands it in without asking, and ends it. */
  handIn(exam: Exam, options: { salida: string }): Promise<void>;
  /** Rejects with MALLA-EXA-04. */
  begun(): Exam;
}

export function clockVerbs(command: Command, host: Host, { handIn, begun }: ClockVerbs): void {
  const home = mallaHome(host.env);
  command
    .command('reloj')
    .description('enseña lo que queda, guarda lo que haces y, cuando se acaba el tiempo, hace la entrega')
    .option('--carpeta <CARPETA>', 'dónde están las carpetas de los laboratorios con tus ficheros', host.cwd)
    .option('--salida <FICHERO>', 'dónde escribir la entrega; por defecto, entrega-CÓDIGO.zip')
    .action(async ({ carpeta, salida }: { carpeta: string; salida?: string }) => {
      begun();
      const say = liveLine(host);
      await runExamClock(
        {
          exam: () => readExam(home),
          now: Date.now,
          onTick: (state) => {
            if (state) say.tick(state.left);
          },
          save: async () => {
            const exam = readExam(home);
            if (exam && (await saveExam(host, exam, resolve(host.cwd, carpeta)))) say.line('Guardado lo que llevas.');
          },
          async handIn(exam) {
            say.line('Se ha acabado el tiempo.');
            await handIn(exam, { salida: resolve(host.cwd, salida ?? `entrega-${exam.student}.zip`) });
          },
          onTrouble: (error) => say.line(describe(error)),
          wait: (milliseconds, signal) => pause(milliseconds, undefined, { signal }).catch(() => undefined),
          once: true,
        },
        host.signal,
      );
    });
  command
    .command('guardar')
    .description('guarda cómo están los laboratorios del examen, comprobados o no')
    .option('--carpeta <CARPETA>', 'dónde están las carpetas de los laboratorios con tus ficheros', host.cwd)
    .option('--json', 'una línea de JSON')
    .action(async ({ carpeta, json }: { carpeta: string; json?: boolean }) => {
      const saved = await saveExam(host, begun(), resolve(host.cwd, carpeta));
      if (json) host.stdout.write(`${JSON.stringify({ saved })}\n`);
      else
        host.stdout.write(saved ? 'Guardado lo que llevas.\n' : 'El clúster no está en marcha: no hay qué guardar.\n');
    });
}

function describe(error: unknown): string {
  return error instanceof CodedError ? `[${error.code}] ${error.happened}` : String(error);
}

/** On a terminal one line that changes every second; elsewhere a line for each minute. */
function liveLine(host: Host): { tick(left: number | undefined): void; line(text: string): void } {
  const { stdout } = host;
  const isTerminal = stdout.isTTY === true;
  let minute = -1;
  return {
    tick(left) {
      if (left === undefined) return;
      if (isTerminal) {
        stdout.write(`\r\u001b[KQuedan ${clockText(left)}`);
        return;
      }
      const now = Math.ceil(left / 60_000);
      if (now !== minute) stdout.write(`Quedan ${clockText(left)}\n`);
      minute = now;
    },
    line: (text) => void stdout.write(isTerminal ? `\r\u001b[K${text}\n` : `${text}\n`),
  };
}
