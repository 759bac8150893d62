// The nodes of the tree: one type per level, and what each says. Does not know `vscode`.

import { isVerifiable } from '../../labs/answers.ts';
import type { CheckDeclaration, Step } from '../../labs/lab.ts';
import type { StepMark } from '../../webview/protocol.ts';
import type { LabSession } from '../cluster/lab-session.ts';
import { isFinished, isPassed, shownMark } from '../cluster/lab-state.ts';
import { t } from '../l10n.ts';
import { markName } from './mark-name.ts';

export type TreeNode =
  | { type: 'lab'; session: LabSession }
  /** A lab that `session` starts from. */
  | { type: 'needed'; session: LabSession; needed: LabSession }
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

/** `of`: the session of a lab by its id. */
export function childrenOf(node: TreeNode, of: (lab: string) => LabSession | undefined): TreeNode[] {
  switch (node.type) {
    case 'lab': {
      const { session } = node;
      const needed = session.lab.requires.flatMap((id) => of(id) ?? []);
      return [
        ...needed.map((before): TreeNode => ({ type: 'needed', session, needed: before })),
        ...session.lab.steps.map((step): TreeNode => ({ type: 'step', session, step })),
      ];
    }
    case 'step':
      return node.step.checks.map((check) => ({ type: 'check', session: node.session, step: node.step, check }));
    case 'needed':
    case 'check':
      return [];
  }
}

export function faceOf(node: TreeNode): NodeFace {
  switch (node.type) {
    case 'lab':
      return labFace(node.session);
    case 'needed':
      return neededFace(node.session, node.needed);
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
    label: lab.chapter ? t('Teoría: {0}', lab.title) : lab.title,
    description: isFinished(lab, now) ? t('terminado') : started,
    tooltip: [`${lab.title} (${lab.minutes} min)`, ...lab.objectives.map((o) => `• ${o}`)].join('\n'),
    mark: isFinished(lab, now) ? 'correcto' : passed > 0 || now.followed ? 'en curso' : 'pendiente',
    children: lab.steps.length > 0,
  };
}

function neededFace({ lab: { id } }: LabSession, { lab, now }: LabSession): NodeFace {
  const done = isFinished(lab, now);
  return {
    id: `${id}//${lab.id}`,
    label: t('Antes: {0}', lab.title),
    description: done ? t('hecho') : t('falta'),
    tooltip: done
      ? t('Este laboratorio empieza donde termina «{0}», que ya está hecho.', lab.title)
      : t('Este laboratorio empieza donde termina «{0}». Hazlo antes, o usa «Preparar lo anterior».', lab.title),
    mark: done ? 'superado' : 'pendiente',
    children: false,
  };
}

function stepFace({ lab, now }: LabSession, step: Step): NodeFace {
  const mark = shownMark(now.steps[step.id]);
  const verifiable = isVerifiable(lab, step);
  return {
    id: `${lab.id}/${step.id}`,
    label: `${lab.steps.indexOf(step) + 1}. ${step.title}`,
    description: mark === 'pendiente' ? '' : markName(mark),
    tooltip: verifiable ? `${step.title}: ${markName(mark)}` : t('{0}: sin comprobaciones', step.title),
    mark: verifiable ? mark : 'lectura',
    children: step.checks.length > 0,
  };
}

function checkFace({ lab, now }: LabSession, step: Step, check: CheckDeclaration): NodeFace {
  const state = now.steps[step.id]?.checks[check.id];
  const mark = state?.mark ?? 'pendiente';
  const { verdict } = state ?? {};
  const why = verdict && verdict.state !== 'correcto' ? [t('Se esperaba: {0}', verdict.expected)] : [];
  return {
    id: `${lab.id}/${step.id}/${check.id}`,
    label: check.title,
    description: [mark === 'pendiente' ? '' : markName(mark), ...(verdict?.cause ? [verdict.cause.message] : [])]
      .filter(Boolean)
      .join(' · '),
    tooltip: [
      `${check.title}: ${markName(mark)}`,
      ...why,
      ...(verdict ? [t('Se observa: {0}', verdict.observed)] : []),
      ...(verdict?.cause ? [t('Causa: {0} [{1}]', verdict.cause.message, verdict.cause.code)] : []),
    ].join('\n'),
    mark,
    children: false,
  };
}
