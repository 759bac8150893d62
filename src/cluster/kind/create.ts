// Makes a kind cluster: kind's own phases as progress, a deadline for each, and nothing left of one that was not finished.
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { ProgramError } from '../programs/program-error.ts';
import { runProgram } from '../programs/run-program.ts';
import { type KindShape, kindConfig } from './config.ts';
import { cannotWriteKubeconfig, cleanUpFailed, explainCreate, phaseTooLong } from './errors.ts';
import type { KindFiles } from './kind-files.ts';
import { listNodes } from './nodes.ts';
import { firstPhase, type Phase, phaseOf, readyPhase } from './phases.ts';
import { forget, writeRecord } from './record.ts';
import type { KindTools } from './tools.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export interface CreateOptions {
  tools: KindTools;
  files: KindFiles;
  name: string;
  shape: KindShape;
  signal: AbortSignal;
  onProgress?(progress: { phase: string; title: string; percent: number }): void;
  /** Seconds that a phase may take; by default, the phase's own. */
  deadlineOf?: (phase: Phase) => number;
}

/** A cluster with all its nodes Ready. Rejects with CodedError; what was made, and only that, is gone then. */
export async function createKind(options: CreateOptions): Promise<void> {
  const { tools, files, name, signal, deadlineOf = usualDeadline } = options;
  await mustBeWritable(files);
  const begun = { yes: false };
  await writeRecord(files, { containers: [], made: true, since: Date.now() });
  try {
    await runCreate(options, begun);
    await chmod(files.kubeconfig, 0o600);
    tell(options, readyPhase);
    await writeRecord(files, {
      containers: (await listNodes(tools, name, signal)).map((node) => node.id),
      made: true,
    });
    await waitUntilReady(files.kubeconfig, {
      count: options.shape.nodes,
      timeout: deadlineOf(readyPhase) * 1000,
      signal,
    });
  } catch (error) {
    // Before kind says that it begins, a cluster of that name is somebody else's.
    if (begun.yes) {
      await removeKind({ tools, files, name }).catch((cause) => Promise.reject(cleanUpFailed(name, cause)));
    } else await forget(files);
    throw error instanceof ProgramError && error.trouble === 'código'
      ? explainCreate(error, options.shape.image)
      : error;
  }
}

/** Deletes the cluster and forgets it. Not to be cancelled. Rejects with CodedError. */
export async function removeKind({
  tools,
  files,
  name,
}: Pick<CreateOptions, 'tools' | 'files' | 'name'>): Promise<void> {
  await runProgram({
    program: tools.kind,
    args: ['delete', 'cluster', '--name', name, '--kubeconfig', files.kubeconfig],
    timeout: 180_000,
    env: { ...tools.env, KUBECONFIG: files.kubeconfig },
  });
  await forget(files);
}

async function runCreate(options: CreateOptions, begun: { yes: boolean }): Promise<void> {
  const { tools, files, name, shape, signal, deadlineOf = usualDeadline } = options;
  const late = new AbortController();
  let phase = firstPhase;
  let timer = setTimeout(expire, deadlineOf(phase) * 1000);
  function expire(): void {
    late.abort();
  }
  tell(options, phase);
  try {
    await runProgram({
      program: tools.kind,
      args: ['create', 'cluster', '--name', name, '--config', '-', '--kubeconfig', files.kubeconfig],
      // Of no use but to be there: each phase has its own.
      timeout: 24 * 3_600_000,
      signal: AbortSignal.any([signal, late.signal]),
      env: { ...tools.env, KUBECONFIG: files.kubeconfig },
      input: kindConfig(shape),
      onLine(line) {
        const next = phaseOf(line);
        if (!next || next.id === phase.id) return;
        phase = next;
        begun.yes = true;
        clearTimeout(timer);
        timer = setTimeout(expire, deadlineOf(phase) * 1000);
        tell(options, phase);
      },
    });
  } catch (error) {
    if (late.signal.aborted && !signal.aborted) throw phaseTooLong(phase.title, deadlineOf(phase));
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function usualDeadline({ deadline }: Phase): number {
  return deadline;
}

/** Found out now, and not after minutes. */
async function mustBeWritable({ folder, kubeconfig }: KindFiles): Promise<void> {
  const probe = `${kubeconfig}.prueba`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(probe, 'x'.repeat(8192), { mode: 0o600 });
    await rm(probe);
  } catch (cause) {
    throw cannotWriteKubeconfig(kubeconfig, cause);
  }
}

function tell({ onProgress }: CreateOptions, { id, title, from }: Phase): void {
  onProgress?.({ phase: id, title, percent: from });
}
