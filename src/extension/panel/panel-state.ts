// What a lab panel shows, computed from everything it depends on. Pure.
import { answerKey, isVerifiable, type LabAnswers } from '../../labs/answers.ts';
import type { Lab } from '../../labs/lab.ts';
import type { PageState, PanelState } from '../../webview/protocol.ts';
import type { ClusterSnapshot } from '../cluster/cluster-session.ts';
import type { LabSnapshot } from '../cluster/lab-session.ts';
import { shownMark } from '../cluster/lab-state.ts';
import { t } from '../l10n.ts';
import { clusterName } from '../tree/cluster-name.ts';

export interface PanelInput {
  lab: Lab;
  now: LabSnapshot;
  page: string;
  text: Pick<PageState, 'html' | 'hasHints' | 'solution'>;
  cluster: ClusterSnapshot;
  previous: PanelState['previous'];
  next?: PanelState['next'];
  folder: PanelState['folder'];
  trusted: boolean;
}

export const introductionTitle = (): string => t('Introducción');

export function panelState(input: PanelInput): PanelState {
  const { lab, now, cluster, previous, next, folder, trusted, text } = input;
  const step = lab.steps.find((s) => s.id === input.page);
  const problem = now.problem ?? cluster.problem;
  return {
    lab: { id: lab.id, title: lab.title, chapter: lab.chapter, minutes: lab.minutes, objectives: lab.objectives },
    pages: [
      { id: '', title: introductionTitle(), mark: 'pendiente', verifiable: false },
      ...lab.steps.map((s) => ({
        id: s.id,
        title: s.title,
        mark: shownMark(now.steps[s.id]),
        verifiable: isVerifiable(lab, s),
      })),
    ],
    page: {
      id: step?.id ?? '',
      title: step?.title ?? introductionTitle(),
      ...text,
      answers: answersOf(now.answers, step?.id ?? ''),
      checks: (step?.checks ?? []).map((c) => ({
        id: c.id,
        title: c.title,
        ...(c.type === 'respuesta'
          ? {
              asks: {
                question: c.pattern.question,
                typed: now.answers.checks[answerKey(step?.id ?? '', c.id)] ?? '',
              },
            }
          : {}),
        ...(now.steps[step?.id ?? '']?.checks[c.id] ?? { mark: 'pendiente' as const }),
      })),
    },
    cluster: {
      state: cluster.state,
      name: clusterName(cluster.identity),
      simulated: cluster.identity.kind === 'embebido',
      ...(cluster.access?.entry ? { entry: cluster.access.entry } : {}),
    },
    ...(now.traffic ? { traffic: now.traffic } : {}),
    previous,
    ...(next ? { next } : {}),
    folder,
    trusted,
    ...(now.busy ? { busy: now.busy } : {}),
    ...(problem ? { problem } : {}),
  };
}

function answersOf({ questions }: LabAnswers, page: string): PageState['answers'] {
  const own = Object.entries(questions).filter(([key]) => key.startsWith(`${page}/`));
  return Object.fromEntries(own.map(([key, chosen]) => [key.slice(page.length + 1), chosen]));
}
