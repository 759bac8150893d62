// What package.json promises about where the extension works.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { editorVersions } from '../../scripts/editor/install.ts';

const root = join(import.meta.dirname, '../..');

const minor = (version: string): number => Number(/^\D*1\.(\d+)/.exec(version)?.[1]);

test('the code is checked against the API of the oldest VS Code that it promises, or of one before it', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules/@types/vscode/package.json'), 'utf8')) as {
    version: string;
  };
  expect(minor(version)).toBeGreaterThan(0);
  expect(minor(version)).toBeLessThanOrEqual(minor(manifest.engines.vscode));
  expect(manifest).not.toHaveProperty('enabledApiProposals');
});

test('the oldest VS Code that it promises is the oldest that it is tested on', () => {
  expect(manifest.engines.vscode).toBe(`^${editorVersions.oldest.codeServer.replace(/^4/, '1')}`);
});

test('it runs where the folder is, and not in a browser without a server', () => {
  expect(manifest.extensionKind).toEqual(['workspace']);
  expect(manifest).not.toHaveProperty('browser');
});

test('it says what it does in a folder that is not trusted and in one that is not on the disk', () => {
  expect(manifest.capabilities.untrustedWorkspaces.supported).toBe('limited');
  expect(manifest.capabilities.virtualWorkspaces.supported).toBe('limited');
});

test('a folder that is not trusted has no say in the programs and paths of its settings', () => {
  const { configuration } = manifest.contributes as { configuration?: Configuration | Configuration[] };
  const sections = configuration === undefined ? [] : [configuration].flat();
  const own = sections.flatMap(({ properties }) => Object.entries(properties));
  const loose = own.filter(
    ([, { type, scope }]) => type === 'string' && !['machine', 'application'].includes(scope ?? ''),
  );
  const free = loose.filter(([, { enum: choices }]) => choices === undefined);
  expect(free.map(([name]) => name)).toEqual([]);
});

interface Configuration {
  properties: Record<string, { type?: string; scope?: string; enum?: unknown[] }>;
}
