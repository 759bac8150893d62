// The text of one page of a lab, and the actions its buttons name by number.
import type { Glossary } from '../../labs/glossary.ts';
import type { Action, Lab } from '../../labs/lab.ts';
import { pageActions, renderIntroduction, renderSolution, renderStep } from '../../labs/render.ts';
import type { PageState } from '../../webview/protocol.ts';

export interface RenderOptions {
  /** Address of a lab's picture, from its path in media/. */
  image(path: string): string;
  glossary: Glossary;
  /** Whether the student has asked for the solution. */
  revealed: boolean;
}

export function renderPage(
  lab: Lab,
  page: string,
  { image, glossary, revealed }: RenderOptions,
): Pick<PageState, 'html' | 'hasHints' | 'solution'> {
  const step = lab.steps.find((s) => s.id === page);
  if (!step) return { html: renderIntroduction(lab, { image, glossary }), hasHints: false, solution: 'no hay' };
  return {
    html: renderStep(lab, step, { image, glossary }),
    hasHints: step.hints.length > 0,
    solution:
      step.solution.length === 0
        ? 'no hay'
        : revealed
          ? { html: renderSolution(lab, step, { image, glossary }) }
          : 'oculta',
  };
}

/** The action that a button of the page names; undefined for one that the page does not offer. */
export function actionOf(lab: Lab, page: string, index: number): Action | undefined {
  return actionsOf(lab, page)[index];
}

export function actionsOf(lab: Lab, page: string): Action[] {
  const step = lab.steps.find((s) => s.id === page);
  return step ? pageActions(lab, step) : [];
}
