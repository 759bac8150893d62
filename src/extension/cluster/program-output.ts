// What `malla … --json` writes, validated: the program may be of another version, or not be Malla at all.
import * as z from 'zod';
import type { Verdict } from '../../checks/verdict.ts';
import { type LabAnswers, noAnswers } from '../../labs/answers.ts';
import type { Problem } from '../../webview/protocol.ts';

const problemLine = z.lazy(() =>
  z.object({
    error: z.object({ code: z.string(), happened: z.string(), expected: z.string(), todo: z.string() }),
  }),
);

/** The coded error of a line, if the line is one. */
export function readProblem(value: unknown): Problem | undefined {
  const read = problemLine.safeParse(value);
  return read.success ? read.data.error : undefined;
}

const runningCluster = z.lazy(() =>
  z.object({
    kubeconfig: z.string(),
    entry: z.string().optional(),
    /** Of the embedded one's process. */
    pid: z.number().optional(),
    env: z.object({ KUBECONFIG: z.string(), PATH: z.string() }),
  }),
);

export type ClusterAccess = z.infer<typeof runningCluster>;

/** Where it is, from an answer of `cluster iniciar` and of `cluster estado` while it runs; undefined for anything else. */
export function readAccess(value: unknown): ClusterAccess | undefined {
  const stopped = z.object({ running: z.literal(false) }).safeParse(value);
  return stopped.success ? undefined : runningCluster.safeParse(value).data;
}

const clusterIdentity = z.lazy(() =>
  z.object({
    kind: z.enum(['embebido', 'kind', 'kubeadm']),
    /** Of a kind cluster its name; of another, the context that leads to it. */
    name: z.string().optional(),
    server: z.string().optional(),
    /** The labs stay in it. */
    namespace: z.string().optional(),
  }),
);

export type ClusterIdentity = z.infer<typeof clusterIdentity>;

/** Which cluster an answer speaks of; undefined when it does not say. */
export function readIdentity(value: unknown): ClusterIdentity | undefined {
  return clusterIdentity.safeParse(value).data;
}

const verdict: z.ZodType<Verdict> = z.lazy(() =>
  z.object({
    check: z.string(),
    state: z.enum(['correcto', 'incorrecto', 'no verificable']),
    expected: z.string(),
    observed: z.string(),
    cause: z
      .object({
        code: z.string(),
        message: z.string(),
        hint: z.string(),
        at: z
          .object({
            kind: z.string(),
            namespace: z.string().optional(),
            name: z.string(),
            path: z.string().optional(),
            file: z.string().optional(),
            line: z.number().optional(),
          })
          .optional(),
      })
      .optional(),
    evidence: z.object({
      requests: z.number().optional(),
      counts: z.record(z.string(), z.number()).optional(),
      errorBound: z.number().optional(),
      objects: z
        .array(
          z.object({
            kind: z.string(),
            namespace: z.string().optional(),
            name: z.string(),
            resourceVersion: z.string().optional(),
          }),
        )
        .optional(),
      latencyMilliseconds: z.object({ p50: z.number(), p95: z.number() }).optional(),
      quantileMilliseconds: z
        .object({ quantile: z.number(), estimate: z.number(), low: z.number(), high: z.number().optional() })
        .optional(),
    }),
    milliseconds: z.number(),
    simulated: z.boolean(),
  }),
);

const followEvent = z.lazy(() =>
  z.discriminatedUnion('event', [
    z.object({
      event: z.literal('check'),
      step: z.string(),
      check: z.string(),
      state: z.enum(['pendiente', 'comprobando', 'hecho']),
      verdict: verdict.optional(),
    }),
    z.object({
      event: z.literal('step'),
      step: z.string(),
      state: z.enum(['pendiente', 'correcto', 'incorrecto', 'no verificable', 'superado']),
    }),
    z.object({ event: z.literal('traffic'), rate: z.number(), trouble: z.string().optional() }),
    z.object({ event: z.literal('verified'), step: z.string(), verdicts: z.array(verdict) }),
    z.object({ event: z.literal('cluster'), state: z.enum(['live', 'lost']) }),
    z.object({ event: z.literal('error'), code: z.string(), message: z.string() }),
  ]),
);

export type FollowEvent = z.infer<typeof followEvent>;

/** A line of `malla seguir --json`; undefined for a line this version does not know. */
export function readFollowEvent(value: unknown): FollowEvent | undefined {
  return followEvent.safeParse(value).data;
}

const solved = z.lazy(() =>
  z.object({
    state: z.enum(['correcto', 'incorrecto', 'no verificable']),
    steps: z.array(
      z.object({
        lab: z.string(),
        step: z.string(),
        state: z.enum(['correcto', 'incorrecto', 'no verificable']),
        checks: z.array(z.object({ id: z.string(), verdict })),
        actions: z.array(z.object({ title: z.string(), exitCode: z.number(), output: z.string() })),
      }),
    ),
  }),
);

export type Solved = z.infer<typeof solved>;

/** Answer of `malla resolver --json`. */
export function readSolved(value: unknown): Solved | undefined {
  return solved.safeParse(value).data;
}

const answered = z.lazy(() => z.object({ right: z.boolean(), says: z.string() }));

export type Answered = z.infer<typeof answered>;

/** Answer of `malla responder --json`. */
export function readAnswered(value: unknown): Answered | undefined {
  return answered.safeParse(value).data;
}

const answers: z.ZodType<LabAnswers> = z.lazy(() =>
  z.object({
    checks: z.record(z.string(), z.string()),
    questions: z.record(z.string(), z.array(z.number())),
  }),
);
const passedSteps = z.lazy(() =>
  z.array(z.object({ id: z.string(), passed: z.array(z.string()).default([]), answers: answers.default(noAnswers) })),
);

export interface Remembered {
  /** Steps that were once right. */
  passed: string[];
  answers: LabAnswers;
}

/** Lab → what was done of it, from `malla labs --json`. */
export function readPassed(value: unknown): Map<string, Remembered> {
  return new Map((passedSteps.safeParse(value).data ?? []).map(({ id, ...lab }) => [id, lab]));
}
