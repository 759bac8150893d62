// Marks as JUnit XML, which continuous integration systems show: a suite for each lab, a case for each check.
import type { CheckMark, LabMark, MarkSheet } from '../mark-sheet.ts';

export function junitOf(sheet: MarkSheet): string {
  const checks = sheet.labs.flatMap((l) => l.checks);
  const who = sheet.student === '' ? '' : ` (${sheet.student})`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: `Malla${who}`, ...counts(checks) })}>`,
    ...sheet.labs.map((lab) => suite(lab, sheet)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite({ lab, checks }: LabMark, { at }: MarkSheet): string {
  const heading = attributes({ name: lab, ...counts(checks), timestamp: at });
  return [`  <testsuite ${heading}>`, ...checks.map((c) => testCase(lab, c)), '  </testsuite>'].join('\n');
}

function testCase(lab: string, { step, title, points, earlier, verdict }: CheckMark): string {
  const { milliseconds, expected, observed, cause } = verdict;
  const open = `    <testcase ${attributes({ classname: `${lab}.${step}`, name: title, time: (milliseconds / 1000).toFixed(3) })}`;
  if (points === 1)
    return earlier ? `${open}>${text('system-out', 'Superado por un paso posterior.')}</testcase>` : `${open}/>`;
  const message = cause?.message ?? observed;
  const detail = [`Se esperaba: ${expected}`, `Se observa: ${observed}`, ...(cause ? [`Prueba a: ${cause.hint}`] : [])];
  if (points === undefined) return `${open}><skipped ${attributes({ message })}/></testcase>`;
  return `${open}>${text('failure', detail.join('\n'), { message, type: cause?.code ?? 'incorrecto' })}</testcase>`;
}

function counts(checks: readonly CheckMark[]): { tests: number; failures: number; skipped: number } {
  return {
    tests: checks.length,
    failures: checks.filter((c) => c.points === 0).length,
    skipped: checks.filter((c) => c.points === undefined).length,
  };
}

function text(tag: string, content: string, given: Record<string, string> = {}): string {
  const list = attributes(given);
  return `<${tag}${list ? ` ${list}` : ''}>${escaped(content)}</${tag}>`;
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(' ');
}

/** Letters that XML 1.0 cannot hold become U+FFFD: a student's answer must not break the file. */
function escaped(value: string): string {
  return value
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
