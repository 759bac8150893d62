// A class as JUnit XML, in the form that Jenkins' schema junit-10 allows: a suite for each student, a case for each check.
import type { ClassResult, StudentCheck, StudentResult } from '../class/class-result.ts';
import { element, escapeXml } from './xml.ts';

export function classJunit({ rubric, students }: ClassResult): string {
  const suites = students.map(suite);
  const all = students.flatMap((s) => s.checks);
  const { tests, failures, errors } = counts(all);
  const body = suites.map((s) => `\n  ${s}`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: rubric.title, tests, failures, errors }, `${body}\n`)}\n`;
}

function suite({ code, checks, mark, handedIn }: StudentResult): string {
  const properties =
    mark === undefined ? '' : `\n    ${element('properties', {}, element('property', { name: 'nota', value: mark }))}`;
  const cases = checks.map((check) => `\n    ${testCase(code, check)}`).join('');
  const about = { name: code, ...counts(checks), ...(handedIn === undefined ? {} : { timestamp: handedIn }) };
  return element('testsuite', about, `${properties}${cases}\n  `);
}

function testCase(student: string, check: StudentCheck): string {
  const about = { classname: `${student}.${check.lab}.${check.step}`, name: check.title };
  if (check.state === 'correcto') return element('testcase', about);
  const message = check.cause?.message ?? check.observed ?? 'No está en la entrega';
  if (check.state === 'no verificable') return element('testcase', about, element('skipped', { message }));
  const detail = [
    ...(check.expected === undefined ? [] : [`Se esperaba: ${check.expected}`]),
    ...(check.observed === undefined ? [] : [`Se observa: ${check.observed}`]),
    ...(check.cause ? [`Prueba a: ${check.cause.hint}`] : []),
    ...(check.excerpt ? [`En ${check.excerpt.file}, línea ${check.excerpt.line}`] : []),
  ].join('\n');
  const type = check.cause?.code ?? (check.state === 'falta' ? 'falta' : 'incorrecto');
  return element('testcase', about, element('failure', { message, type }, escapeXml(detail)));
}

function counts(checks: readonly StudentCheck[]): { tests: number; failures: number; errors: number; skipped: number } {
  const of = (...states: string[]): number => checks.filter((c) => states.includes(c.state)).length;
  return { tests: checks.length, failures: of('incorrecto', 'falta'), errors: 0, skipped: of('no verificable') };
}
