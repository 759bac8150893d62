// One hand-in from its bytes to what replay says of it. Never rejects for what the hand-in holds.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../../labs/lab.ts';
import { rememberObjects } from '../../labs/made/made-by.ts';
import { isRightChoice } from '../../labs/question.ts';
import { canonicalJson } from '../handin/canonical-json.ts';
import { evidenceDigest } from '../handin/chain.ts';
import type { CoursePublic } from '../handin/keys.ts';
import { problem, quoted, Refused } from '../handin/problems.ts';
import { type ReadHandIn, readHandIn } from '../handin/read-hand-in.ts';
import { safeText } from '../handin/safe-text.ts';
import { rememberYamlObjects } from '../handin/yaml-object.ts';
import { type Scope, scopeOf } from '../journal/scope.ts';
import { labVersion } from '../lab-version.ts';
import { canReplay } from './can-replay.ts';
import type { CourseFor } from './course-for.ts';
import type { Graded, GradedLab, Problem } from './graded.ts';
import { gradeSteps, type ReplayedStep, replayKey, replayLab, unreplayed } from './replay-lab.ts';
import { type StartingStates, UnsolvedError } from './starting-state.ts';
import { unreadGraded } from './unread.ts';
import { StuckError } from './world/virtual-time.ts';
import type { World } from './world/world.ts';

export interface ReplayContext {
  course: CourseFor;
  world: World;
  states: StartingStates;
  /** Of this Malla. */
  malla: string;
  /** For folders that live as long as a replay. */
  scratch: string;
  /** False: what comes twice is done twice. */
  remember?: boolean;
}

export interface Submission {
  /** As it is told: under the folder of submissions, with `/`. */
  name: string;
  bytes: Buffer;
  key?: CoursePublic | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/** Milliseconds of the world's time that a lab may take: an honest one takes some minutes. */
const longestLab = 3_600_000;

/** Labs that were done again and are remembered: most of a class writes the same. */
const mostRemembered = 400;

export function createReplayer(context: ReplayContext): (submission: Submission) => Promise<Graded> {
  const readObjects = rememberObjects();
  const readObject = rememberYamlObjects();
  const remembered = new Map<string, ReplayedStep[]>();
  const scopes = new Map<string, Scope>();
  const scopeFor = (lab: Lab): Scope => {
    const key = labVersion(lab);
    const known = scopes.get(key) ?? scopeOf([...context.course.before(lab.id), lab], readObjects);
    scopes.set(key, known);
    return known;
  };
  return async (submission) => {
    const empty = unreadGraded(submission, context.malla);
    let read: ReadHandIn;
    try {
      read = readHandIn(submission.bytes, { course: submission.key, now: submission.now });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { ...empty, problems: [error.problem] };
    }
    const { handIn, records } = read;
    const problems = [...read.problems];
    const labs: GradedLab[] = [];
    let whole = true;
    for (const said of handIn.labs) {
      const lab = context.course.lab(said.lab, handIn.seed);
      if (!lab) {
        whole = false;
        problems.push(problem('MALLA-ENT-25', 'rechazo', `Este curso no tiene el laboratorio ${quoted(said.lab)}.`));
        continue;
      }
      const version = { claimed: said.version, graded: labVersion(lab) };
      if (version.claimed !== version.graded)
        problems.push(problem('MALLA-ENT-26', 'aviso', `${lab.id} ha cambiado desde que se hizo.`, { lab: lab.id }));
      const found = lab.chapter ? [] : await replayed(lab, read, problems);
      if (found.some((step) => step.notReplayed !== undefined && step.notReplayed !== 'MALLA-ENT-34')) whole = false;
      labs.push({
        lab: lab.id,
        title: lab.title,
        chapter: lab.chapter,
        version,
        steps: found,
        questions: questionsOf(lab, said.questions),
      });
    }
    const { cluster } = records.findLast((r) => r.cluster !== undefined) ?? {};
    return {
      ...empty,
      student: handIn.student,
      seed: handIn.seed,
      at: handIn.at,
      seal: read.seal,
      malla: { claimed: handIn.malla, graded: context.malla },
      ...(cluster ? { cluster } : {}),
      journal: { id: handIn.journal.id, head: handIn.journal.head, records: records.length },
      evidence: records.slice(-1_000).map((r) => ({ lab: r.lab, step: r.step, at: r.at, sha256: evidenceDigest(r) })),
      outcome: whole ? 'entera' : 'parcial',
      problems,
      labs,
      texts: namedTexts(labs, read.texts),
    };
  };

  async function replayed(
    lab: Lab,
    { handIn, records, texts }: ReadHandIn,
    problems: Problem[],
  ): Promise<GradedLab['steps']> {
    const claims = (why: string) =>
      lab.steps.filter((s) => s.checks.length > 0).map((step) => unreplayed(step, { lab, records, texts }, why));
    const told = (code: string, severity: Problem['severity'], message: string) => {
      problems.push(problem(code, severity, message, { lab: lab.id }));
      return claims(code);
    };
    if (!canReplay(lab))
      return told(
        'MALLA-ENT-33',
        'nota',
        `${lab.id} no se puede repetir aquí: de él solo está lo que dice el registro.`,
      );
    try {
      const found = gradeSteps(await again(lab, { records, texts }, handIn.seed), { lab, records, texts });
      problems.push(...found.problems);
      return found.steps;
    } catch (error) {
      if (error instanceof StuckError)
        return told('MALLA-ENT-31', 'aviso', `Repetir ${lab.id} no acaba: ${safeText(error.message, 80)}.`);
      if (error instanceof UnsolvedError)
        return told('MALLA-ENT-40', 'aviso', `No se puede preparar el comienzo: ${quoted(error.message, 200)}.`);
      throw error;
    }
  }

  /** The same objects, answers and lab of the same seed from the same beginning come out the same: that is done once. */
  async function again(
    lab: Lab,
    { records, texts }: Pick<ReadHandIn, 'records' | 'texts'>,
    seed: string,
  ): Promise<ReplayedStep[]> {
    const before = context.course.before(lab.id);
    const key = canonicalJson([seed, context.states.keyOf(before), replayKey({ lab, records, texts })]);
    const known = context.remember === false ? undefined : remembered.get(key);
    if (known) return known;
    const folder = await mkdtemp(join(context.scratch, 'repetir-'));
    try {
      await context.states.make(before);
      await context.states.copy(before, folder);
      const steps = await context.world.live(
        folder,
        lab.id,
        (life) => replayLab(life, { lab, scope: scopeFor(lab), records, texts, readObject, folder }),
        longestLab,
      );
      if (remembered.size < mostRemembered) remembered.set(key, steps);
      return steps;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function questionsOf(lab: Lab, chosen: Readonly<Record<string, readonly number[]>>): GradedLab['questions'] {
  const all = [
    ...lab.questions.map((question) => ({ step: '', question })),
    ...lab.steps.flatMap((step) => step.questions.map((question) => ({ step: step.id, question }))),
  ];
  return all.flatMap(({ step, question }) => {
    const key = `${step}/${question.id}`;
    const own = Object.hasOwn(chosen, key) ? chosen[key] : undefined;
    if (!own) return [];
    return [{ step, question: question.id, chosen: [...own], right: isRightChoice(question, own) }];
  });
}

function namedTexts(labs: readonly GradedLab[], texts: ReadonlyMap<string, string>): Record<string, string> {
  const steps = labs.flatMap((lab) => lab.steps);
  const named = new Set(steps.flatMap((s) => [...s.files, ...s.applied].map((each) => each.sha256)));
  return Object.fromEntries(
    [...named].toSorted().flatMap((digest) => {
      const text = texts.get(digest);
      return text === undefined ? [] : [[digest, text]];
    }),
  );
}
