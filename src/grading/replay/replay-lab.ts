// One lab of one hand-in, done again on a fresh cluster, step by step.
import { join } from 'node:path';
import { createLabStream } from '../../checks/lab-stream.ts';
import type { Verdict } from '../../checks/verdict.ts';
import { verifyCheck } from '../../checks/verify.ts';
import type { Lab, Program, Step } from '../../labs/lab.ts';
import { placeOf } from '../../yaml/object-place.ts';
import { canonicalJson, sha256 } from '../handin/canonical-json.ts';
import type { ClaimedVerdict } from '../handin/claimed-verdict.ts';
import type { JournalRecord } from '../handin/hand-in.ts';
import { problem, quoted } from '../handin/problems.ts';
import { claimed } from '../journal/claimed.ts';
import type { Scope } from '../journal/scope.ts';
import { labVersion } from '../lab-version.ts';
import { type ApplyOptions, applyRecord } from './apply-record.ts';
import { carryOut } from './carry-out.ts';
import { claimsOf, recordOf } from './claims.ts';
import type { GradedStep, Problem } from './graded.ts';
import { isRequest, playPrelude } from './prelude.ts';
import { UnsolvedError } from './starting-state.ts';
import type { Life } from './world/world.ts';

export interface LabReplay {
  lab: Lab;
  scope: Scope;
  records: readonly JournalRecord[];
  texts: ReadonlyMap<string, string>;
  readObject: ApplyOptions['readObject'];
  /** An empty folder of this replay alone. */
  folder: string;
}

/** What a step gives when it is done again: it depends on nothing but what replayKey is made of. */
export type ReplayedStep =
  | { step: string; verdicts: Verdict[]; applied: GradedStep['applied']; problems: Problem[] }
  | { step: string; notReplayed: string };

export async function replayLab(life: Life, replay: LabReplay): Promise<ReplayedStep[]> {
  const { lab } = replay;
  const steps: ReplayedStep[] = [];
  const end = new AbortController();
  const stream = createLabStream(lab, life.cluster, { signal: end.signal });
  stream.start();
  try {
    for (const step of stepsOf(lab)) steps.push(await replayStep(life, step, replay));
  } finally {
    stream.stop();
    end.abort();
  }
  return steps;
}

/** Digest of all that a replay depends on, besides the state that the lab starts from. */
export function replayKey({ lab, records, texts }: Pick<LabReplay, 'lab' | 'records' | 'texts'>): string {
  const steps = stepsOf(lab).map((step) => {
    const record = recordOf(records, lab.id, step.id);
    const { objects, pods, answers } = record ?? {};
    return { why: whyNot(record, texts), objects, pods, answers };
  });
  return sha256(canonicalJson({ lab: labVersion(lab), steps }));
}

/** Puts beside what was replayed what the journal claims, and where in the student's files a cause is. */
export function gradeSteps(
  replayed: readonly ReplayedStep[],
  replay: Pick<LabReplay, 'lab' | 'records' | 'texts'>,
): { steps: GradedStep[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const steps = stepsOf(replay.lab).map((step): GradedStep => {
    const found = replayed.find((r) => r.step === step.id);
    if (!found || 'notReplayed' in found) return unreplayed(step, replay, found?.notReplayed ?? 'MALLA-ENT-31');
    problems.push(...found.problems);
    const graded = unreplayed(step, replay);
    const files = yamlFiles(graded, replay.texts);
    const checks = graded.checks.map((check, i) => {
      const verdict = found.verdicts[i];
      if (!verdict) return check;
      const own = ofNoCluster(rounded(claimed(pointed(verdict, files))));
      const differs = check.claimed !== undefined && check.claimed.state !== own.state;
      if (differs) {
        const message = `${quoted(check.title)}: el registro dice «${check.claimed?.state}» y al repetir sale «${own.state}».`;
        problems.push(problem('MALLA-ENT-36', 'aviso', message, { lab: replay.lab.id, step: step.id }));
      }
      return { ...check, replayed: own, differs };
    });
    return { ...graded, checks, applied: found.applied };
  });
  return { steps, problems };
}

/** A step that the student never verified is left as it is: there is nothing of theirs to do again. */
async function replayStep(life: Life, step: Step, replay: LabReplay): Promise<ReplayedStep> {
  const { lab, records, texts, scope, readObject } = replay;
  const record = recordOf(records, lab.id, step.id);
  const why = whyNot(record, texts);
  if (!record || why !== undefined) return { step: step.id, notReplayed: why ?? 'MALLA-ENT-34' };
  // Its own chance, whatever was done before: one step more or less does not change the luck of the others.
  life.reseed(sha256(`${lab.id}/${step.id} ${record.objects?.map((o) => o.sha256).join()}`));
  const { signal } = new AbortController();
  const carrying = { folder: join(replay.folder, lab.id), env: life.env, signal };
  const install = async (profile: string): Promise<void> => {
    const argv: [Program, ...string[]] = ['istioctl', 'install', '--set', `profile=${profile}`, '-y'];
    const { failure } = await carryOut([{ type: 'run', argv, line: 0 }], carrying);
    if (failure !== undefined) throw new UnsolvedError(lab.id, failure);
  };
  const sent = await playPrelude({ ...carrying, step, record, texts, scope });
  const { applied, problems } = await applyRecord({ client: life.client, scope, record, texts, readObject, install });
  if (!sent) await carryOut(step.solution.filter(isRequest), carrying);
  const verdicts: Verdict[] = [];
  for (const check of step.checks)
    verdicts.push(await verifyCheck(check, { cluster: life.cluster, signal, answer: record.answers[check.id] }));
  return { step: step.id, verdicts, applied, problems };
}

/** Code of why a step cannot be done again; undefined when it can. */
function whyNot(record: JournalRecord | undefined, texts: ReadonlyMap<string, string>): string | undefined {
  if (!record?.objects) return 'MALLA-ENT-34';
  return record.objects.every((o) => texts.has(o.sha256)) ? undefined : 'MALLA-ENT-15';
}

function stepsOf(lab: Lab): Step[] {
  return lab.steps.filter((s) => s.checks.length > 0);
}

function yamlFiles({ files }: GradedStep, texts: ReadonlyMap<string, string>): { path: string; text: string }[] {
  return files.flatMap(({ path, sha256: digest }) => {
    const text = texts.get(digest);
    return text === undefined || !/\.ya?ml$/i.test(path) ? [] : [{ path, text }];
  });
}

/** What the journal claims, without a replay. */
export function unreplayed(
  step: Step,
  { lab, records, texts }: Pick<LabReplay, 'lab' | 'records' | 'texts'>,
  why?: string,
): GradedStep {
  const record = recordOf(records, lab.id, step.id);
  return {
    step: step.id,
    title: step.title,
    checks: step.checks.map((check) => {
      const own = record?.verdicts.find((v) => v.check === check.id);
      return {
        check: check.id,
        title: check.title,
        type: check.type,
        ...(own ? { claimed: own } : {}),
        differs: false,
        ...claimsOf(records, { lab: lab.id, step: step.id, check: check.id }),
      };
    }),
    ...(record ? { at: record.at } : {}),
    ...(why === undefined ? {} : { notReplayed: why }),
    files: (record?.files ?? []).filter((f) => texts.has(f.sha256)),
    applied: [],
  };
}

function pointed(verdict: Verdict, files: readonly { path: string; text: string }[]): Verdict {
  const at = verdict.cause?.at;
  if (!verdict.cause || !at) return verdict;
  const place = placeOf(at, files);
  return place ? { ...verdict, cause: { ...verdict.cause, at: { ...at, ...place } } } : verdict;
}

/** The cluster of a replay is thrown away: how many writes it had seen says nothing, and another machine's had seen others. */
function ofNoCluster(verdict: ClaimedVerdict): ClaimedVerdict {
  const { objects } = verdict.evidence;
  if (!objects) return verdict;
  const named = objects.map(({ resourceVersion: _version, ...object }) => object);
  return { ...verdict, evidence: { ...verdict.evidence, objects: named } };
}

/** The world's time has no noise; its sums have. */
function rounded<V extends { milliseconds: number }>(verdict: V): V {
  return { ...verdict, milliseconds: Math.round(verdict.milliseconds) };
}
