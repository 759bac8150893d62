// Verdicts as text for a terminal.
import type { Verdict, VerdictState } from '../checks/verdict.ts';
import { exitCodes } from './host.ts';
import type { Paint } from './style.ts';

const marks: Record<VerdictState, { mark: string; colour: 'green' | 'red' | 'yellow' }> = {
  correcto: { mark: '✔', colour: 'green' },
  incorrecto: { mark: '✘', colour: 'red' },
  'no verificable': { mark: '?', colour: 'yellow' },
};

/** The line of a check and, unless it is right, what was expected, observed and to do. Ends with a newline. */
export function describeVerdict(title: string, verdict: Verdict, paint: Paint): string {
  const { mark, colour } = marks[verdict.state];
  const lines = [`  ${paint(colour, `${mark} ${title}`)}  ${paint('dim', evidenceLine(verdict))}`];
  if (verdict.state !== 'correcto') {
    lines.push(`      se esperaba: ${verdict.expected}`, `      se observa:  ${verdict.observed}`);
    if (verdict.cause) {
      lines.push(`      causa:       ${verdict.cause.message} ${paint('dim', `[${verdict.cause.code}]`)}`);
      const at = verdict.cause.at;
      if (at)
        lines.push(
          `      dónde:       ${at.kind} ${[at.namespace, at.name].filter(Boolean).join('/')}${at.path ? `, ${at.path}` : ''}${at.file ? ` (${at.file}:${at.line})` : ''}`,
        );
      lines.push(`      prueba a:    ${verdict.cause.hint}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** `v1 182, v2 21 de 203 peticiones · error ≤ 0,001 · 310 ms · simulador`. */
export function evidenceLine({ evidence, milliseconds, simulated, observed, state }: Verdict): string {
  const parts: string[] = [];
  const { counts, requests, latencyMilliseconds } = evidence;
  // Only those of a split are what was judged.
  if (counts && requests !== undefined && latencyMilliseconds) {
    const each = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
    parts.push(`${each.join(', ')} de ${requests} ${requests === 1 ? 'petición' : 'peticiones'}`);
  } else if (state === 'correcto') parts.push(observed);
  if (evidence.errorBound !== undefined) parts.push(`error ≤ ${spanishNumber(evidence.errorBound)}`);
  parts.push(`${Math.round(milliseconds)} ms`);
  if (simulated) parts.push('simulador');
  return parts.join(' · ');
}

/** With the decimal comma. */
export function spanishNumber(value: number): string {
  return new Intl.NumberFormat('es-ES', { maximumSignificantDigits: 2 }).format(value);
}

/** The worst of several: incorrecto before no verificable before correcto. */
export function worst(states: readonly VerdictState[]): VerdictState {
  if (states.includes('incorrecto')) return 'incorrecto';
  return states.includes('no verificable') ? 'no verificable' : 'correcto';
}

export function exitCodeOf(state: VerdictState): number {
  return { correcto: exitCodes.right, incorrecto: exitCodes.wrong, 'no verificable': exitCodes.unverifiable }[state];
}

/** A command or file of a solution, with its output when it failed. */
export function describeAction(action: { title: string; exitCode: number; output: string }, paint: Paint): string {
  if (action.exitCode === 0) return `  ${paint('dim', `$ ${action.title}`)}\n`;
  const output = action.output.split('\n').map((line) => `      ${line}`);
  return `  ${paint('red', `$ ${action.title} (terminó con ${action.exitCode})`)}\n${output.join('\n')}\n`;
}
