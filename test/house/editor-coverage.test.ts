// Whatever package.json offers in the editor is used there by some test. Code actions: src/language/fixes.test.ts.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { commandTable } from '../../src/extension/commands/command-table.ts';

const root = join(import.meta.dirname, '../..');
const { commands, configuration, views, walkthroughs, taskDefinitions } = manifest.contributes;
/** What runs in the real VS Code: its host suites and its stories, without what they are made of. */
const tests = globSync(['test/editor/suite/*.ts', 'test/editor/clicks/*.ts', 'scripts/editor/*-story.ts'], {
  cwd: root,
})
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n');

/** A command is run by its id, by `run('name')` of the suite of commands, or by its title in the palette. */
function isRun(name: string, title: string): boolean {
  const quoted = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return [
    new RegExp(`executeCommand(?:<[^>]*>)?\\(\\s*'malla\\.${name}'`),
    new RegExp(`\\brun\\('${name}'`),
    new RegExp(`\\b(?:command|run)\\(\\s*'(?:Malla: )?${quoted}'`),
    new RegExp(`choose\\(workbench, '${quoted}'`),
  ].some((way) => way.test(tests));
}

test('every command is run in the real editor', () => {
  const names = Object.entries(commandTable) as [string, { title: string }][];
  expect(names.map(([name]) => `malla.${name}`).sort()).toEqual(commands.map(({ command }) => command).sort());
  expect(names.filter(([name, { title }]) => !isRun(name, title)).map(([name]) => name)).toEqual([]);
});

test('a command that nobody runs is found', () => {
  expect(isRun('noSuchCommand', 'Hacer algo que no hay')).toBe(false);
});

test('every setting is set to another value in the real editor', () => {
  const names = Object.keys(configuration.properties).map((name) => name.replace(/^malla\./, ''));
  expect(names.filter((name) => !tests.includes(`withSetting('${name}', `))).toEqual([]);
  expect(names.length).toBeGreaterThan(0);
});

test('every view is gone to, and the walkthrough and the tasks are seen', () => {
  const gone = /for \(const view of \[([^\]]*)\]/.exec(tests)?.[1] ?? '';
  expect(views.malla.map(({ id }) => id).filter((id) => !gone.includes(`'${id}'`))).toEqual([]);
  expect(walkthroughs).toHaveLength(1);
  expect(tests).toContain("command('Malla: Primeros pasos')");
  for (const { type } of taskDefinitions) expect(tests).toContain(`fetchTasks({ type: '${type}' })`);
});
