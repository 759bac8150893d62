// What the student can do with a lab from a panel or a command. Trust and the cluster are looked at before (gate.ts).
import { createFile, keepFile, labFolder, openLabFile } from './actions/create-file.ts';
import type { Terminals } from './actions/terminals.ts';
import type { WorkFolder } from './actions/work-folder.ts';
import type { ClusterSession } from './cluster/cluster-session.ts';
import { previousLabs } from './cluster/course.ts';
import { t } from './l10n.ts';
import type { LabSessions } from './lab-sessions.ts';
import { needDrawing } from './lazy-drawing.ts';

export interface LabWork {
  /** Does one of the actions that the text of a page offers. */
  act(lab: string, page: string, action: number): Promise<void>;
  /** Applies a file of the page as the student has it; creates it if it is not there. */
  apply(lab: string, page: string, action: number): Promise<void>;
  /** Shows the line of the student's file that a verdict blames. */
  openCause(lab: string, page: string, check: string): Promise<void>;
  verify(lab: string, page: string): void;
  applySolution(lab: string, page: string): Promise<void>;
  prepare(lab: string): Promise<void>;
  /** A terminal in the lab's folder; in the work folder when no lab is named. */
  openTerminal(lab: string | undefined): Promise<void>;
}

export interface LabWorkOptions {
  sessions: LabSessions;
  cluster: ClusterSession;
  folder: WorkFolder;
  terminals: Terminals;
}

export function createLabWork({ sessions, cluster, folder, terminals }: LabWorkOptions): LabWork {
  const inTerminal = async (lab: string | undefined, argv?: readonly string[]): Promise<void> => {
    const where = await folder.need();
    if (where === undefined) return;
    const own = lab !== undefined && sessions.of(lab)?.lab.machines;
    const access = own ? await cluster.machines() : cluster.now.access;
    if (!access) return;
    await terminals.show(lab ?? t('clúster'), lab ? labFolder(where, lab) : where, access, argv);
  };
  return {
    async act(labId, page, index) {
      const session = sessions.of(labId);
      const action = session && (await needDrawing()).actionOf(session.lab, page, index);
      if (!action) return;
      if (action.type === 'run') return inTerminal(labId, action.argv);
      if (action.type !== 'file') return;
      const where = await folder.need();
      if (where !== undefined) await createFile(labFolder(where, labId), action.path, action.content);
    },
    async apply(labId, page, index) {
      const session = sessions.of(labId);
      const action = session && (await needDrawing()).actionOf(session.lab, page, index);
      if (action?.type !== 'file') return;
      const where = await folder.need();
      if (where === undefined) return;
      if (await keepFile(labFolder(where, labId), action.path, action.content))
        await inTerminal(labId, ['kubectl', 'apply', '-f', action.path]);
    },
    async openCause(labId, page, check) {
      const at = sessions.of(labId)?.now.steps[page]?.checks[check]?.verdict?.cause?.at;
      const where = folder.now.path;
      if (!where || at?.file === undefined) return;
      await openLabFile(labFolder(where, labId), at.file, at.line);
    },
    verify: (lab, page) => sessions.of(lab)?.verify(page),
    async applySolution(lab, page) {
      const where = await folder.need();
      if (where !== undefined) await sessions.of(lab)?.solve(page, where);
    },
    async prepare(lab) {
      const session = sessions.of(lab);
      const where = session && (await folder.need());
      if (!session || where === undefined) return;
      await session.prepare(previousLabs(sessions.labs, session.lab), where);
      await sessions.refreshPassed();
    },
    openTerminal: (lab) => inTerminal(lab),
  };
}
