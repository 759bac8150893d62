// Keeps in the journal how a step came out, with what there was at that moment. See src/grading/journal.
import { join, resolve } from 'node:path';
import type { Verdict } from '../checks/verdict.ts';
import type { Cluster } from '../cluster/contract.ts';
import { mallaHome } from '../cluster/home.ts';
import type { JournalRecord } from '../grading/handin/hand-in.ts';
import { capture } from '../grading/journal/capture.ts';
import { claimed } from '../grading/journal/claimed.ts';
import { addRecord } from '../grading/journal/journal-file.ts';
import { type Scope, scopeOf } from '../grading/journal/scope.ts';
import { workFiles } from '../grading/journal/work-files.ts';
import { labVersion } from '../grading/lab-version.ts';
import { answerKey, type LabAnswers } from '../labs/answers.ts';
import type { Lab, Step } from '../labs/lab.ts';
import { readAnswers } from './answers-file.ts';
import { previousLabs } from './course.ts';
import type { Host } from './host.ts';

export interface Evidence {
  lab: Lab;
  step: Step;
  verdicts: readonly Verdict[];
}

export interface EvidenceKeeper {
  /** Never rejects: a journal that cannot be written is told once, and the student goes on. */
  keep(evidence: Evidence): Promise<void>;
  /** The steps as they stand, without judging them. */
  keepUnjudged(lab: Lab, steps: readonly Step[]): Promise<void>;
  /** Resolves when all that was given is on disk. */
  done(): Promise<void>;
}

/** `where`: under it the lab's folder is. One after another, in the order in which they are given. */
export function evidenceKeeper({
  host,
  cluster,
  course,
  where,
}: {
  host: Host;
  cluster: Cluster;
  course: readonly Lab[];
  where: string;
}): EvidenceKeeper {
  const scopes = new Map<string, Scope>();
  let before = Promise.resolve();
  let told = false;
  const scopeFor = (lab: Lab): Scope => {
    const known = scopes.get(lab.id) ?? scopeOf([...previousLabs(course, lab), lab]);
    scopes.set(lab.id, known);
    return known;
  };
  const look = async (lab: Lab) => {
    const at = new Date().toISOString();
    const [seen, files, answers] = await Promise.all([
      capture(cluster, scopeFor(lab)),
      workFiles(join(resolve(where), lab.id)),
      readAnswers(mallaHome(host.env), lab.id),
    ]);
    return { at, seen, files, answers };
  };
  const write = async (
    { lab, step, verdicts }: Evidence,
    event: JournalRecord['event'],
    { at, seen, files, answers }: Awaited<ReturnType<typeof look>>,
  ): Promise<void> => {
    const record = {
      at,
      event,
      lab: lab.id,
      step: step.id,
      labVersion: labVersion(lab),
      verdicts: verdicts.map(claimed),
      answers: answersOf(step, answers),
      files: files.map(({ path, sha256 }) => ({ path, sha256 })),
      ...(seen
        ? { objects: seen.objects.map(({ text: _text, ...named }) => named), pods: seen.pods, cluster: seen.cluster }
        : {}),
    };
    await addRecord(
      mallaHome(host.env),
      record,
      [...files, ...(seen?.objects ?? [])].map((each) => each.text),
    );
  };
  const next = (work: () => Promise<void>): Promise<void> => {
    before = before.then(work).catch((error: unknown) => {
      if (host.signal.aborted || told) return;
      told = true;
      const why = error instanceof Error ? error.message : String(error);
      host.stderr.write(`No se ha podido guardar en el diario lo que acabas de hacer: ${why}\n`);
    });
    return before;
  };
  return {
    keep: (evidence) => next(async () => write(evidence, 'verificacion', await look(evidence.lab))),
    keepUnjudged: (lab, steps) =>
      next(async () => {
        const seen = await look(lab);
        for (const step of steps) await write({ lab, step, verdicts: [] }, 'guardado', seen);
      }),
    done: () => before,
  };
}

function answersOf(step: Step, { checks }: LabAnswers): Record<string, string> {
  return Object.fromEntries(
    step.checks.flatMap((check) => {
      const answer = checks[answerKey(step.id, check.id)];
      return answer === undefined ? [] : [[check.id, answer]];
    }),
  );
}
