// A lab tried on a cluster that cannot be copied: a mistake is undone object by object before the next.
import { existsSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lab, Step } from '../../labs/lab.ts';
import { takeSnapshot } from './left-behind.ts';
import { putBack, save } from './put-back.ts';
import { commitMistake, doAll, lookingAt, type Place, type Trial, tryCleanup, trySolution } from './trial.ts';

export interface TryOnOptions {
  /** The labs that this one starts from and that the cluster has not got: solved before, and cleaned up after. */
  missing?: readonly Lab[];
  /** Commits the mistakes too, and undoes each by its objects: only where nobody else works meanwhile. */
  mistakes?: boolean;
}

/** The same on a cluster that cannot be copied. */
export async function* tryLabOn(lab: Lab, place: Place, options: TryOnOptions = {}): AsyncGenerator<Trial> {
  const { missing = [], mistakes = false } = options;
  const steps = lab.steps.filter((s) => s.checks.length > 0 || s.solution.length > 0);
  for (const earlier of missing) {
    for (const step of earlier.steps) await trySolution('solucion', earlier, step, { ...place, beside: [] });
  }
  const before = await takeSnapshot(lookingAt(place));
  for (const what of ['solucion', 'otra-vez'] as const) {
    for (const step of steps) {
      if (mistakes && what === 'solucion') yield* tryMistakesOn(lab, step, place);
      yield await trySolution(what, lab, step, place);
    }
    yield await tryCleanup(lab, place, before, what === 'solucion' ? 'la primera vez' : 'la segunda');
  }
  for (const earlier of missing.toReversed()) await doAll(earlier.cleanup, earlier, place);
}

async function* tryMistakesOn(lab: Lab, step: Step, place: Place): AsyncGenerator<Trial> {
  if (step.mistakes.length === 0) return;
  const client = lookingAt(place);
  const saved = await save(client);
  for (const mistake of step.mistakes) {
    const aside = await mkdtemp(join(tmpdir(), 'malla-prueba-'));
    try {
      const folder = join(aside, 'trabajo');
      if (existsSync(place.folder)) await cp(place.folder, folder, { recursive: true });
      const host = { ...place.host, env: { ...place.host.env, MALLA_HOME: aside } };
      const trial = await commitMistake(lab, step, mistake, { ...place, host, folder });
      const left = await putBack(client, saved, { signal: place.host.signal });
      const undone = left.length === 0 ? '' : `no he podido deshacerlo: ${left.slice(0, 8).join(', ')}`;
      const beside = trial.beside.map((o) => ({ ...o, problem: o.problem || undone }));
      yield { ...trial, passed: trial.passed && undone === '', problem: trial.problem || undone, beside };
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  }
}
