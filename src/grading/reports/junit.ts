// Marks as JUnit XML, which continuous integration systems show, in the form that Jenkins' schema junit-10 allows: a suite
// for each lab, a case for each check.
import type { CheckMark, LabMark, MarkSheet } from '../mark-sheet.ts';
import { element, escapeXml } from './xml.ts';

export function junitOf(sheet: MarkSheet): string {
  const who = sheet.student === '' ? '' : ` (${sheet.student})`;
  const { tests, failures, errors } = counts(sheet.labs.flatMap((l) => l.checks));
  const suites = sheet.labs.map((lab) => `\n  ${suite(lab, sheet)}`).join('');
  const root = element('testsuites', { name: `Malla${who}`, tests, failures, errors }, `${suites}\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

function suite({ lab, checks }: LabMark, { at }: MarkSheet): string {
  const cases = checks.map((c) => `\n    ${testCase(lab, c)}`).join('');
  return element('testsuite', { name: lab, ...counts(checks), timestamp: at }, `${cases}\n  `);
}

function testCase(lab: string, { step, title, points, earlier, verdict }: CheckMark): string {
  const { milliseconds, expected, observed, cause } = verdict;
  const about = { classname: `${lab}.${step}`, name: title, time: (milliseconds / 1000).toFixed(3) };
  if (points === 1)
    return element('testcase', about, earlier ? element('system-out', {}, 'Superado por un paso posterior.') : '');
  const message = cause?.message ?? observed;
  if (points === undefined) return element('testcase', about, element('skipped', { message }));
  const detail = [`Se esperaba: ${expected}`, `Se observa: ${observed}`, ...(cause ? [`Prueba a: ${cause.hint}`] : [])];
  const failure = element('failure', { message, type: cause?.code ?? 'incorrecto' }, escapeXml(detail.join('\n')));
  return element('testcase', about, failure);
}

function counts(checks: readonly CheckMark[]): { tests: number; failures: number; errors: number; skipped: number } {
  return {
    tests: checks.length,
    failures: checks.filter((c) => c.points === 0).length,
    errors: 0,
    skipped: checks.filter((c) => c.points === undefined).length,
  };
}
