// The trials of labs as a table for a terminal: a row for each lab, and a line for whatever went otherwise.
import type { Lab } from '../../labs/lab.ts';
import type { Paint } from '../style.ts';
import type { Trial } from './try-lab.ts';

export function matrixHeading(labs: readonly Lab[]): string {
  return `${row(widthOf(labs), ['', 'solución', 'otra vez', 'errores', 'limpieza', 'tiempo'])}\n`;
}

/** Ends with a newline. */
export function matrixRow(lab: Lab, labs: readonly Lab[], trials: readonly Trial[], paint: Paint): string {
  const count = (what: Trial['what']): string => {
    const own = trials.filter((t) => t.what === what);
    return own.length === 0 ? '-' : `${own.filter((t) => t.passed).length}/${own.length}`;
  };
  const seconds = trials.reduce((sum, t) => sum + t.milliseconds, 0) / 1000;
  const cells = [
    lab.id,
    count('solucion'),
    count('otra-vez'),
    count('error'),
    count('limpieza'),
    `${seconds.toFixed(1)} s`,
  ];
  const failed = trials.filter((t) => !t.passed);
  const line = row(widthOf(labs), cells);
  return [paint(failed.length === 0 ? 'green' : 'red', line), ...failed.map((t) => `  ${describe(t)}`), ''].join('\n');
}

export function describe({ step, what, title, problem }: Trial): string {
  const names = { solucion: 'solución', 'otra-vez': 'solución, otra vez', error: 'error típico', limpieza: 'limpieza' };
  return `✘ ${step ? `${step}, ` : ''}${names[what]} «${title}»: ${problem}`;
}

function widthOf(labs: readonly Lab[]): number {
  return Math.max(8, ...labs.map((l) => l.id.length));
}

function row(width: number, [first = '', ...rest]: readonly string[]): string {
  return `${first.padEnd(width)}  ${rest.map((cell) => cell.padStart(9)).join('  ')}`;
}
