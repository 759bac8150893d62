// The recordings on disk: one JSON file per cluster.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recording } from '../behaviour.ts';
import type { TaskResult } from '../tasks/task.ts';

const folder = join(import.meta.dirname, '../recordings');

export function readRecording(name: string): Recording {
  const file = fileOf(name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Recording) : {};
}

/** Keeps what the file has of behaviours that were not played this time. */
export function addToRecording(name: string, seen: Recording, known: string[]): void {
  const all = { ...readRecording(name), ...seen };
  const kept = known.filter((id) => all[id]).map((id) => [id, all[id]]);
  writeFileSync(fileOf(name), `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}

/** Id of the task → how it went. */
export function readTaskResults(name: string): Record<string, TaskResult> {
  const file = fileOf(`tasks-${name}`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, TaskResult>) : {};
}

export function addTaskResults(name: string, results: Record<string, TaskResult>): void {
  const all = { ...readTaskResults(name), ...results };
  writeFileSync(fileOf(`tasks-${name}`), `${JSON.stringify(all, null, 2)}\n`);
}

function fileOf(name: string): string {
  if (!/^[a-z0-9-]+$/.test(name)) throw new Error(`not a name for a recording: ${name}`);
  return join(folder, `${name}.json`);
}
