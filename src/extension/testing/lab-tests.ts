// The items of the Testing view. A lab is filled in when it is unfolded or run: 24 labs are hundreds of items.
import type * as vscode from 'vscode';
import type { Lab } from '../../labs/lab.ts';
import { testedLabs, testedSteps, testId } from './test-ids.ts';

export interface LabTests {
  find(id: string): vscode.TestItem | undefined;
}

export interface LabPlaces {
  uri: vscode.Uri;
  /** Of a step, or `step/check`. */
  range(key: string): vscode.Range;
}

/** `placesOf`: where the tests of a lab are written. */
export function createLabTests(
  controller: vscode.TestController,
  labs: readonly Lab[],
  placesOf: (lab: Lab) => LabPlaces,
): LabTests {
  const byId = new Map(testedLabs(labs).map((lab) => [lab.id, lab]));
  for (const [index, lab] of [...byId.values()].entries()) {
    const item = controller.createTestItem(testId(lab.id), lab.title);
    item.canResolveChildren = true;
    item.sortText = String(index).padStart(3, '0');
    controller.items.add(item);
  }
  const fill = (item: vscode.TestItem): void => {
    const lab = byId.get(item.id);
    if (!lab || item.children.size > 0) return;
    item.children.replace(testedSteps(lab).map((step) => stepItem(controller, lab, step, placesOf(lab))));
    item.canResolveChildren = false;
  };
  controller.resolveHandler = (item) => {
    if (item) fill(item);
  };
  return {
    find(id) {
      const [lab = '', step, check] = id.split('/');
      const labItem = controller.items.get(lab);
      if (!labItem || step === undefined) return labItem;
      fill(labItem);
      const found = labItem.children.get(testId(lab, step));
      return check === undefined ? found : found?.children.get(id);
    },
  };
}

function stepItem(
  controller: vscode.TestController,
  lab: Lab,
  step: Lab['steps'][number],
  { uri, range }: LabPlaces,
): vscode.TestItem {
  const number = lab.steps.indexOf(step) + 1;
  const item = controller.createTestItem(testId(lab.id, step.id), `${number}. ${step.title}`, uri);
  item.range = range(step.id);
  item.sortText = String(number).padStart(3, '0');
  item.children.replace(
    step.checks.map((check, index) => {
      const own = controller.createTestItem(testId(lab.id, step.id, check.id), check.title, uri);
      own.range = range(`${step.id}/${check.id}`);
      own.sortText = String(index).padStart(3, '0');
      return own;
    }),
  );
  return item;
}
