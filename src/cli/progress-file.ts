// Which steps the student has once got right, kept in Malla's home so that tomorrow goes on from today.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Lab → ids of the steps that were correct at some moment. */
export type Progress = Record<string, string[]>;

/** An unreadable file counts as no progress and is not overwritten until the next step is passed. */
export async function readProgress(home: string): Promise<Progress> {
  try {
    const parsed: unknown = JSON.parse(await readFile(progressFile(home), 'utf8'));
    return isProgress(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

/** One after another: two steps that turn right together would each write the file without the other. */
export function recordPassed(home: string, lab: string, step: string): Promise<void> {
  const recorded = recording.then(() => record(home, lab, step));
  recording = recorded.catch(() => {});
  return recorded;
}

let recording: Promise<void> = Promise.resolve();

async function record(home: string, lab: string, step: string): Promise<void> {
  const progress = await readProgress(home);
  if (progress[lab]?.includes(step)) return;
  const next = { ...progress, [lab]: [...(progress[lab] ?? []), step] };
  await mkdir(home, { recursive: true });
  // Written aside and renamed: an interrupted write never leaves half a file.
  const aside = `${progressFile(home)}.${process.pid}`;
  await writeFile(aside, `${JSON.stringify(next, undefined, 2)}\n`);
  await rename(aside, progressFile(home));
}

/** Forgets everything: the cluster it spoke of is gone. */
export async function forgetProgress(home: string): Promise<void> {
  await mkdir(home, { recursive: true });
  await writeFile(progressFile(home), '{}\n');
}

export function progressFile(home: string): string {
  return join(home, 'progreso.json');
}

function isProgress(value: unknown): value is Progress {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((steps) => Array.isArray(steps) && steps.every((s) => typeof s === 'string'));
}
