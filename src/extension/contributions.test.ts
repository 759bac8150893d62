import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import texts from '../../package.nls.json' with { type: 'json' };
import { commandTable } from './commands/command-table.ts';
import {
  clusterViewId,
  contributedCommands,
  contributedMenus,
  panelType,
  verdictsViewId,
  viewId,
} from './contributions.ts';

const { contributes } = manifest;
const root = join(import.meta.dirname, '../..');

test('package.json contributes the commands of the table, and no others', () => {
  expect(contributes.commands).toEqual(contributedCommands());
});

test('the titles of package.nls.json are those of the table', () => {
  const titles = Object.entries(commandTable).map(([name, { title }]) => [`command.${name}`, title]);
  const told = Object.entries(texts).filter(([key]) => key.startsWith('command.'));
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(titles));
});

test('package.json contributes the menus of the table, and no others', () => {
  expect(contributes.menus).toEqual(contributedMenus());
});

test('whatever is in a menu is in the palette too', () => {
  const hidden = contributes.menus.commandPalette.filter(({ when }) => when === 'false');
  expect(hidden).toEqual([]);
});

test('menus and welcome texts name only commands that exist', () => {
  const known = Object.keys(commandTable).map((name) => `malla.${name}`);
  const inMenus = Object.values(contributes.menus).flatMap((menu) => menu.map((m) => m.command));
  const inTexts = Object.values(texts).flatMap((text) => [...text.matchAll(/\(command:([\w.]+)\)/g)]);
  const named = [...inMenus, ...inTexts.map((m) => m[1] ?? '')].filter((c) => !c.startsWith('workbench.'));
  expect(named.filter((c) => !known.includes(c))).toEqual([]);
  expect(named).toContain('malla.startCluster');
});

test('the extension wakes up only for its views, its commands, its panels and YAML files', () => {
  expect(
    manifest.activationEvents.every((e) => /^(?:(?:onView|onCommand|onWebviewPanel):malla\.|onLanguage:yaml$)/.test(e)),
  ).toBe(true);
  expect(manifest.activationEvents).toContain(`onWebviewPanel:${panelType}`);
});

test('the views of the code are those of package.json, with icons that exist', () => {
  expect(contributes.views.malla.map((v) => v.id).sort()).toEqual([clusterViewId, verdictsViewId, viewId].sort());
  for (const { icon } of [...contributes.views.malla, ...contributes.viewsContainers.activitybar])
    expect(existsSync(join(root, icon))).toBe(true);
});

test('every command that changes something is disabled in a workspace that is not trusted', () => {
  const free = contributes.commands.filter((c) => !('enablement' in c)).map((c) => c.command);
  expect(free.sort()).toEqual(
    [
      'malla.clearVerdicts',
      'malla.explainRoute',
      'malla.nextHint',
      'malla.openLab',
      'malla.openStep',
      'malla.openTests',
      'malla.previewChange',
      'malla.showSolution',
    ].sort(),
  );
});
