// A graded hand-in for tests, filled where a test does not care.
import type { ClaimedVerdict } from '../handin/claimed-verdict.ts';
import type { Graded, GradedCheck, GradedLab, GradedStep } from './graded.ts';

export function gradedOf(given: Partial<Graded> = {}): Graded {
  return {
    format: 'malla-repeticion/1',
    submission: 'ana.zip',
    sha256: 'a'.repeat(64),
    student: 'ana',
    seed: '',
    at: '2026-11-20T10:00:00.000Z',
    seal: 'alumno',
    malla: { claimed: '0.1.0', graded: '0.1.0' },
    evidence: [],
    outcome: 'entera',
    problems: [],
    labs: [],
    texts: {},
    ...given,
  };
}

export function gradedLabOf(lab: string, steps: readonly GradedStep[], given: Partial<GradedLab> = {}): GradedLab {
  const version = { claimed: 'b'.repeat(64), graded: 'b'.repeat(64) };
  return { lab, title: lab, chapter: false, version, steps: [...steps], questions: [], ...given };
}

export function gradedStepOf(
  step: string,
  checks: readonly GradedCheck[],
  given: Partial<GradedStep> = {},
): GradedStep {
  return { step, title: step, checks: [...checks], at: '2026-11-20T09:50:00.000Z', files: [], applied: [], ...given };
}

/** Claimed and replayed alike, unless `given` says otherwise. */
export function gradedCheckOf(
  check: string,
  state: ClaimedVerdict['state'],
  given: Partial<GradedCheck> = {},
): GradedCheck {
  const verdict = verdictOf(check, state);
  const right = state === 'correcto' ? { firstRight: '2026-11-20T09:50:00.000Z' } : {};
  return {
    check,
    title: check,
    type: 'objeto',
    claimed: verdict,
    replayed: verdict,
    differs: false,
    attempts: 1,
    ...right,
    diagnoses: [],
    ...given,
  };
}

export function verdictOf(check: string, state: ClaimedVerdict['state']): ClaimedVerdict {
  const cause = {
    code: 'MALLA-OBJ-01',
    message: 'No existe el VirtualService reviews',
    hint: 'Aplica el fichero.',
    at: { kind: 'VirtualService', namespace: 'default', name: 'reviews' },
  };
  return {
    check,
    state,
    expected: 'un VirtualService reviews',
    observed: state === 'correcto' ? 'está' : 'no está',
    ...(state === 'correcto' ? {} : { cause }),
    evidence: {},
    milliseconds: 0,
    simulated: true,
  };
}
