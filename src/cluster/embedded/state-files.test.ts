import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { forgetPorts, isMallas, type StateFiles } from './state-files.ts';

let folder: string;
let files: StateFiles;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'malla-estado-'));
  files = { cluster: join(folder, 'cluster.json') } as StateFiles;
});
afterEach(() => rmSync(folder, { recursive: true }));

test('ports are forgotten, and whose folder it is stays known', () => {
  writeFileSync(files.cluster, JSON.stringify({ owner: 'malla-embebido', format: 1, port: 20001, entryPort: 20002 }));
  forgetPorts(files);
  expect(JSON.parse(readFileSync(files.cluster, 'utf8'))).toEqual({ owner: 'malla-embebido', format: 1 });
  expect(isMallas(files)).toBe(true);
});

test('a file without ports is not written, so that it can be copied meanwhile', () => {
  writeFileSync(files.cluster, JSON.stringify({ owner: 'malla-embebido', format: 1 }));
  const before = statSync(files.cluster).ino;
  forgetPorts(files);
  expect(statSync(files.cluster).ino).toBe(before);
});

test('where there is no cluster there is nothing to forget', () => {
  expect(() => forgetPorts(files)).not.toThrow();
});
