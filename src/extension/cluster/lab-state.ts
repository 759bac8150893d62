// What is known of a lab's steps and checks. Pure: a state and an event give the next state.
import type { Verdict } from '../../checks/verdict.ts';
import { isVerifiable } from '../../labs/answers.ts';
import type { Lab } from '../../labs/lab.ts';
import type { CheckMark, StepMark, TrafficState } from '../../webview/protocol.ts';
import type { FollowEvent } from './program-output.ts';

export interface LabState {
  steps: Record<string, StepState>;
  /** True while somebody watches the cluster for this lab: only then do the marks say what is true now. */
  followed: boolean;
  /** True while the watcher cannot reach the cluster. */
  lost: boolean;
  /** The lab's stream of requests, while somebody watches; undefined when the lab has none. */
  traffic?: TrafficState;
}

export interface StepState {
  mark: StepMark;
  checks: Record<string, { mark: CheckMark; verdict?: Verdict }>;
}

/** Steps of `passed` were once right, which is all that is known before anybody looks. */
export function initialState(lab: Lab, passed: readonly string[]): LabState {
  const steps = lab.steps.map((step): [string, StepState] => {
    const checks = step.checks.map((c) => [c.id, { mark: 'pendiente' }] as const);
    return [step.id, { mark: passed.includes(step.id) ? 'superado' : 'pendiente', checks: Object.fromEntries(checks) }];
  });
  return { steps: Object.fromEntries(steps), followed: false, lost: false };
}

/** An event about a step or check that the lab does not have changes nothing. */
export function reduce(state: LabState, event: FollowEvent): LabState {
  switch (event.event) {
    case 'cluster':
      return { ...state, lost: event.state === 'lost' };
    case 'traffic': {
      const { rate, trouble } = event;
      return { ...state, traffic: { rate, ...(trouble ? { trouble } : {}) } };
    }
    case 'error':
    case 'verified':
      return state;
    case 'step':
      return changeStep(state, event.step, (step) => ({ ...step, mark: event.state }));
    case 'check': {
      const { check, verdict } = event;
      return changeStep(state, event.step, (step) => {
        const before = step.checks[check];
        if (!before) return step;
        const mark = event.state === 'hecho' ? (verdict?.state ?? before.mark) : event.state;
        // A verdict stays in view while its check runs again, and goes when the check starts from nothing.
        const kept = verdict ?? (event.state === 'pendiente' ? undefined : before.verdict);
        return { ...step, checks: { ...step.checks, [check]: { mark, ...(kept ? { verdict: kept } : {}) } } };
      });
    }
  }
}

/** When nobody watches any more: what was right is remembered, the rest is not known. */
export function forget(lab: Lab, state: LabState): LabState {
  return initialState(lab, passedSteps(state));
}

export function passedSteps(state: LabState): string[] {
  return Object.entries(state.steps).flatMap(([id, step]) => (isPassed(step.mark) ? [id] : []));
}

export function isPassed(mark: StepMark): boolean {
  return mark === 'correcto' || mark === 'superado';
}

/** Every step that has checks is right, or was. */
export function isFinished(lab: Lab, state: LabState): boolean {
  const verifiable = lab.steps.filter((s) => isVerifiable(lab, s));
  return verifiable.length > 0 && verifiable.every((s) => isPassed(state.steps[s.id]?.mark ?? 'pendiente'));
}

/** What a step shows: working as long as one of its checks does. */
export function shownMark(step: StepState | undefined): StepMark {
  if (!step) return 'pendiente';
  return Object.values(step.checks).some((c) => c.mark === 'comprobando') ? 'comprobando' : step.mark;
}

function changeStep(state: LabState, id: string, change: (step: StepState) => StepState): LabState {
  const step = state.steps[id];
  return step ? { ...state, steps: { ...state.steps, [id]: change(step) } } : state;
}
