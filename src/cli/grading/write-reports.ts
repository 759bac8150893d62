// The reports of a class as files of a folder, which only their owner can read: they hold personal data.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { safeName } from '../../cluster/classroom/roster.ts';
import { writePrivateFile } from '../../cluster/private-file.ts';
import type { ClassResult } from '../../grading/class/class-result.ts';
import { sha256 } from '../../grading/handin/canonical-json.ts';
import { classCsv } from '../../grading/reports/class-csv.ts';
import { classJunit } from '../../grading/reports/class-junit.ts';
import { classPage } from '../../grading/reports/html/class-page.ts';
import { studentPage } from '../../grading/reports/html/student-page.ts';
import { type MoodleFile, moodleCsv } from '../../grading/reports/moodle.ts';

export interface ReportOptions {
  /** `;` between fields and a comma in numbers, as Spanish spreadsheets and a Moodle in Spanish have it. */
  comma: boolean;
}

export interface WrittenReports {
  /** Names under the folder, in the order in which a person would look at them. */
  files: string[];
  leftOut: MoodleFile['leftOut'];
}

export async function writeReports(
  result: ClassResult,
  folder: string,
  { comma }: ReportOptions,
): Promise<WrittenReports> {
  const [separator, decimal] = comma ? ([';', ','] as const) : ([',', '.'] as const);
  const moodle = moodleCsv(result, { separator, decimal });
  const files: [string, string][] = [
    ['clase.html', classPage(result, (code) => `alumnos/${pageOf(code)}`)],
    ['notas.csv', classCsv(result, separator, decimal)],
    ['moodle.csv', moodle.text],
    ['clase.json', `${JSON.stringify(result, undefined, 2)}\n`],
    ['junit.xml', classJunit(result)],
  ];
  // Of who is no longer in the class, no page stays.
  await rm(join(folder, 'alumnos'), { recursive: true, force: true });
  for (const student of result.students) files.push([`alumnos/${pageOf(student.code)}`, studentPage(student, result)]);
  for (const [name, text] of files) await writePrivateFile(join(folder, name), text);
  return { files: files.slice(0, 5).map(([name]) => name), leftOut: moodle.leftOut };
}

/** A name that every system takes, whatever the code, and that no other code has. */
function pageOf(code: string): string {
  return `${safeName(code) || 'alumno'}-${sha256(code).slice(0, 6)}.html`;
}
