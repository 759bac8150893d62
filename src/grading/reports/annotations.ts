// What a student's repository shows beside the code: annotations of GitHub (workflow commands) and of GitLab (a Code
// Quality report).

import type { StudentCheck, StudentResult } from '../class/class-result.ts';
import { sha256 } from '../handin/canonical-json.ts';

/** Lines for the log of a GitHub job. GitHub shows ten errors of a step, and the rest only in the log. */
export function githubAnnotations(student: StudentResult): string {
  return faults(student)
    .map(({ check, place }) => {
      const where = place ? [`file=${property(place.path)}`, `line=${place.line}`] : [];
      const about = [...where, `title=${property(titleOf(check))}`].join(',');
      return `::${check.state === 'no verificable' ? 'warning' : 'error'} ${about}::${message(textOf(check))}\n`;
    })
    .join('');
}

/** JSON for `artifacts:reports:codequality`. */
export function gitlabCodeQuality(student: StudentResult): string {
  const issues = faults(student).map(({ check, place }) => ({
    description: `${titleOf(check)}: ${textOf(check)}`,
    check_name: check.cause?.code ?? check.state,
    fingerprint: sha256(`${student.code} ${check.lab}/${check.step}/${check.check}`),
    severity: check.state === 'no verificable' ? 'info' : 'major',
    // GitLab wants a place: what has none is told on the first line of the lab's folder.
    location: { path: place?.path ?? check.lab, lines: { begin: place?.line ?? 1 } },
  }));
  return `${JSON.stringify(issues, undefined, 2)}\n`;
}

interface Fault {
  check: StudentCheck;
  place?: { path: string; line: number };
}

function faults({ checks }: StudentResult): Fault[] {
  return checks
    .filter((c) => c.state !== 'correcto')
    .map((check) => ({ check, ...(check.excerpt ? { place: placeOf(check, check.excerpt) } : {}) }));
}

function placeOf(
  { lab, cause }: StudentCheck,
  { file, line }: { file: string; line: number },
): { path: string; line: number } {
  // An excerpt of an object as it was applied is of no file.
  return cause?.at?.file === undefined ? { path: lab, line: 1 } : { path: `${lab}/${file}`, line };
}

function titleOf({ lab, step, title }: StudentCheck): string {
  return `${lab}, ${step}: ${title}`;
}

function textOf({ cause, observed, state }: StudentCheck): string {
  if (cause) return `${cause.message}. ${cause.hint}`;
  return observed ?? (state === 'falta' ? 'No está en la entrega.' : state);
}

/** As workflow commands want it; a line of a student can never begin a command of its own. */
function message(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
