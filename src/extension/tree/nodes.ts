// The nodes of the tree: one type per level, and what each says. Does not know `vscode`.

import { isVerifiable } from '../../labs/answers.ts';
import type { CheckDeclaration, Step } from '../../labs/lab.ts';
import type { StepMark } from '../../webview/protocol.ts';
import type { LabSession } from '../cluster/lab-session.ts';
import { isFinished, isPassed, shownMark } from '../cluster/lab-state.ts';

export type TreeNode =
  | { type: 'lab'; session: LabSession }
  | { type: 'step'; session: LabSession; step: Step }
  | { type: 'check'; session: LabSession; step: Step; check: CheckDeclaration };

export interface NodeFace {
  /** Stable, so that the tree keeps what is unfolded. */
  id: string;
  label: string;
  description: string;
  tooltip: string;
  /** `lectura`: a step that has nothing to check. */
  mark: StepMark | 'en curso' | 'lectura';
  children: boolean;
}

export function childrenOf(node: TreeNode): TreeNode[] {
  switch (node.type) {
    case 'lab':
      return node.session.lab.steps.map((step) => ({ type: 'step', session: node.session, step }));
    case 'step':
      return node.step.checks.map((check) => ({ type: 'check', session: node.session, step: node.step, check }));
    case 'check':
      return [];
  }
}

export function faceOf(node: TreeNode): NodeFace {
  switch (node.type) {
    case 'lab':
      return labFace(node.session);
    case 'step':
      return stepFace(node.session, node.step);
    case 'check':
      return checkFace(node.session, node.step, node.check);
  }
}

function labFace({ lab, now }: LabSession): NodeFace {
  const verifiable = lab.steps.filter((s) => isVerifiable(lab, s));
  const passed = verifiable.filter((s) => isPassed(now.steps[s.id]?.mark ?? 'pendiente')).length;
  const started = passed > 0 ? `${passed}/${verifiable.length}` : `${lab.minutes} min`;
  return {
    id: lab.id,
    label: lab.chapter ? `Teoría: ${lab.title}` : lab.title,
    description: isFinished(lab, now) ? 'terminado' : started,
    tooltip: [`${lab.title} (${lab.minutes} min)`, ...lab.objectives.map((o) => `• ${o}`)].join('\n'),
    mark: isFinished(lab, now) ? 'correcto' : passed > 0 || now.followed ? 'en curso' : 'pendiente',
    children: lab.steps.length > 0,
  };
}

function stepFace({ lab, now }: LabSession, step: Step): NodeFace {
  const mark = shownMark(now.steps[step.id]);
  const verifiable = isVerifiable(lab, step);
  return {
    id: `${lab.id}/${step.id}`,
    label: `${lab.steps.indexOf(step) + 1}. ${step.title}`,
    description: mark === 'pendiente' ? '' : mark,
    tooltip: verifiable ? `${step.title}: ${mark}` : `${step.title}: sin comprobaciones`,
    mark: verifiable ? mark : 'lectura',
    children: step.checks.length > 0,
  };
}

function checkFace({ lab, now }: LabSession, step: Step, check: CheckDeclaration): NodeFace {
  const state = now.steps[step.id]?.checks[check.id];
  const mark = state?.mark ?? 'pendiente';
  const { verdict } = state ?? {};
  const why = verdict && verdict.state !== 'correcto' ? [`Se esperaba: ${verdict.expected}`] : [];
  return {
    id: `${lab.id}/${step.id}/${check.id}`,
    label: check.title,
    description: mark === 'pendiente' ? '' : mark,
    tooltip: [
      `${check.title}: ${mark}`,
      ...why,
      ...(verdict ? [`Se observa: ${verdict.observed}`] : []),
      ...(verdict?.cause ? [`Causa: ${verdict.cause.message} [${verdict.cause.code}]`] : []),
    ].join('\n'),
    mark,
    children: false,
  };
}
