import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openVolumeFile } from './volume-file.ts';

test('volumes are read as they were written; of a damaged file, what can be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'malla-volumes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'volumes.json');
  const file = openVolumeFile(path);
  expect(file.load()).toEqual({});
  const saved = { 'volume/1': { folders: ['/'], files: [['/note', 'aGk='] as [string, string]] } };
  file.save(saved);
  expect(file.load()).toEqual(saved);
  writeFileSync(
    path,
    JSON.stringify({ ...saved, bad: { folders: [1], files: [] }, worse: null, worst: { files: [[]] } }),
  );
  expect(file.load()).toEqual(saved);
  writeFileSync(path, '{"volume/1": {"folde');
  expect(file.load()).toEqual({});
});
