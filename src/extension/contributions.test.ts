import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import texts from '../../package.nls.json' with { type: 'json' };
import { readTask } from './actions/task-order.ts';
import { commandTable } from './commands/command-table.ts';
import {
  clusterViewId,
  contributedCommands,
  contributedMenus,
  gradingPanelType,
  panelType,
  verdictsViewId,
  viewId,
  viewsPanelType,
  walkthroughId,
} from './contributions.ts';

// Its other half is the editor's.
vi.mock('vscode', () => ({}));
const { defaultSettings } = await import('./settings.ts');

const { contributes } = manifest;
const contextKeys = [
  ...readFileSync(join(import.meta.dirname, 'context-keys.ts'), 'utf8').matchAll(/^ {2}'(malla\.[\w.]+)':/gm),
].map(([, key]) => key ?? '');
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
  // A panel that is open when the window is loaded again comes back by itself.
  for (const type of [panelType, viewsPanelType, gradingPanelType])
    expect(manifest.activationEvents).toContain(`onWebviewPanel:${type}`);
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
      'malla.nextStep',
      'malla.openLab',
      'malla.openStep',
      'malla.openTests',
      'malla.openWalkthrough',
      'malla.previewChange',
      'malla.previousStep',
      'malla.showSolution',
    ].sort(),
  );
});

test('the walkthrough has five steps, each with a picture and an event that completes it', () => {
  const [walkthrough] = contributes.walkthroughs;
  expect(walkthroughId).toBe(`${manifest.publisher}.${manifest.name}#${walkthrough?.id}`);
  expect(walkthrough?.steps).toHaveLength(5);
  const commands = contributes.commands.map(({ command }) => command);
  for (const { media, completionEvents, id } of walkthrough?.steps ?? []) {
    expect(existsSync(join(root, media.svg)), id).toBe(true);
    expect(completionEvents.length, id).toBeGreaterThan(0);
    for (const event of completionEvents) {
      const [kind, name = ''] = event.split(':');
      if (kind === 'onCommand') expect(commands).toContain(name);
      else expect(`${kind} ${contextKeys.includes(name)}`).toBe('onContext true');
    }
  }
});

test('every context key that package.json reads is one that the code keeps', () => {
  const read = new Set(
    [...JSON.stringify(contributes).matchAll(/malla\.(?:cluster(?:State|Running|Kind)|\w+)(?= [=!]=| &&|")/g)].map(
      ([key]) => key,
    ),
  );
  const commands = new Set(contributes.commands.map(({ command }) => command));
  const settings = Object.keys(contributes.configuration.properties);
  const views = new Set(contributes.views.malla.map(({ id }) => id));
  const unknown = [...read].filter((key) => !contextKeys.includes(key) && !commands.has(key) && !views.has(key));
  expect(unknown.filter((key) => !['malla.tests', ...settings].includes(key))).toEqual([]);
  expect(read).toContain('malla.clusterKind');
});

test('the settings of package.json are those of the code, with their defaults; paths are of the machine', () => {
  const declared = Object.entries(contributes.configuration.properties).map(([name, { default: value }]) => [
    name.replace(/^malla\./, ''),
    value,
  ]);
  expect(Object.fromEntries(declared)).toEqual(defaultSettings);
  expect(contributes.configuration.properties['malla.home'].scope).toBe('machine');
  expect(contributes.configuration.properties['malla.terminal.shell'].scope).toBe('machine');
});

test('the tasks of package.json are those that the code reads', () => {
  const [definition] = contributes.taskDefinitions;
  const examples = { verificar: { lab: 'canary' }, medir: { ruta: 'reviews' }, aplicar: { fichero: 'a.yaml' } };
  expect(definition?.properties.orden.enum).toEqual(Object.keys(examples));
  for (const [orden, rest] of Object.entries(examples))
    expect(readTask({ type: 'malla', orden, ...rest })).toBeDefined();
});
