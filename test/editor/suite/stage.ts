// The stand-in's files and the extension's parts, as tests handle them.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension/test-api.ts';

const scratch = process.env.MALLA_TEST_SCRATCH ?? '';

export const file = (name: string): string => join(scratch, name);

export function write(name: string, content: unknown): void {
  writeFileSync(file(name), typeof content === 'string' ? content : JSON.stringify(content));
}

/** One JSON object per line. */
export function writeLines(name: string, ...values: unknown[]): void {
  writeFileSync(file(name), values.map((v) => `${typeof v === 'string' ? v : JSON.stringify(v)}\n`).join(''));
}

export function calls(): string[] {
  return existsSync(file('calls.log')) ? readFileSync(file('calls.log'), 'utf8').split('\n').filter(Boolean) : [];
}

const clusters = [
  'chosen.json',
  'kind.json',
  'preflight.json',
  'contexts.json',
  'look.json',
  'inventario.jsonl',
  'hold',
];

export function clearStage(): void {
  for (const name of [
    'calls.log',
    'follow.jsonl',
    'verify.jsonl',
    'verified.json',
    'solved.json',
    'passed.json',
    'entregar.json',
    ...clusters,
  ])
    rmSync(file(name), { force: true });
}

export async function extension(): Promise<TestApi> {
  const found = vscode.extensions.getExtension<TestApi | undefined>('malla.malla');
  const api = await found?.activate();
  if (!api) throw new Error('The extension gives no test interface.');
  return api;
}

/** Waits until `fact` holds; the last error or value is the failure. */
export async function eventually<T>(fact: () => T, milliseconds = 8000): Promise<NonNullable<T>> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const value = fact();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`Not in ${milliseconds} ms: ${fact}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
