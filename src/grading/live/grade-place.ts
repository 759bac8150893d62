// A student's work judged where it is: in their namespace of a cluster of the class, as it stands at this moment.
import { createLabStream } from '../../checks/lab-stream.ts';
import { verifyCheck } from '../../checks/verify.ts';
import type { Cluster } from '../../cluster/contract.ts';
import type { CheckDeclaration, Lab, Step } from '../../labs/lab.ts';
import type { ClaimedVerdict } from '../handin/claimed-verdict.ts';
import { problem } from '../handin/problems.ts';
import { claimed } from '../journal/claimed.ts';
import { labVersion } from '../lab-version.ts';
import type { Graded, GradedCheck, GradedStep, Problem } from '../replay/graded.ts';
import { unreadGraded } from '../replay/unread.ts';
import { readOnly } from './read-only-client.ts';

export interface PlaceOptions {
  /** Of the student, seen as they see it. */
  cluster: Cluster;
  namespace: string;
  student: string;
  /** Those that count, written for the namespace. */
  labs: readonly Lab[];
  /** Of this Malla. */
  malla: string;
  /** Milliseconds since 1970. */
  now: number;
  signal: AbortSignal;
}

/** Writes nothing. Rejects only with the signal's reason: a cluster that cannot be asked gives «no verificable». */
export async function gradePlace(options: PlaceOptions): Promise<Graded> {
  const { namespace, student, labs, malla, now } = options;
  const cluster: Cluster = { ...options.cluster, client: readOnly(options.cluster.client) };
  const problems: Problem[] = [];
  const graded: Graded['labs'] = [];
  for (const lab of labs) {
    const version = labVersion(lab);
    const about = {
      lab: lab.id,
      title: lab.title,
      chapter: lab.chapter,
      version: { claimed: version, graded: version },
    };
    const steps = lab.steps.filter((s) => s.checks.length > 0);
    if (lab.notHere !== undefined) {
      const message = `${lab.id} no cabe en el espacio de un alumno: ${lab.notHere}.`;
      problems.push(problem('MALLA-ENT-46', 'nota', message, { lab: lab.id }));
      graded.push({ ...about, steps: steps.map(unjudged), questions: [] });
      continue;
    }
    graded.push({ ...about, steps: await judgeLab(lab, steps, cluster, options), questions: [] });
  }
  const facts = await cluster.facts().catch(() => undefined);
  const kind = cluster.access.kind;
  return {
    ...unreadGraded({ name: namespace, bytes: Buffer.alloc(0) }, malla),
    student,
    seed: '',
    at: new Date(now).toISOString(),
    ...(facts
      ? {
          cluster: {
            kind,
            serverVersion: facts.serverVersion,
            simulated: facts.simulated,
            ...(facts.istio ? { istio: facts.istio.version } : {}),
          },
        }
      : {}),
    outcome: problems.length === 0 ? 'entera' : 'parcial',
    problems,
    labs: graded,
  };
}

async function judgeLab(
  lab: Lab,
  steps: readonly Step[],
  cluster: Cluster,
  { signal }: Pick<PlaceOptions, 'signal'>,
): Promise<GradedStep[]> {
  const end = new AbortController();
  const stream = createLabStream(lab, cluster, { signal: AbortSignal.any([signal, end.signal]) });
  stream.start();
  const judged: GradedStep[] = [];
  try {
    for (const step of steps) {
      const checks: GradedCheck[] = [];
      for (const check of step.checks) checks.push({ ...plain(check), replayed: await judge(check, cluster, signal) });
      judged.push({ step: step.id, title: step.title, checks, files: [], applied: [] });
    }
  } finally {
    stream.stop();
    end.abort();
  }
  return judged.map((step, i) => (judged.slice(i + 1).some(isRight) ? withoutFaults(step) : step));
}

function isRight({ checks }: GradedStep): boolean {
  return checks.length > 0 && checks.every((check) => check.replayed?.state === 'correcto');
}

/** What a later step has changed cannot be seen any more: a canary that went on to 50/50 no longer shows 90/10. */
function withoutFaults(step: GradedStep): GradedStep {
  const checks = step.checks.map((check): GradedCheck => {
    const { replayed } = check;
    if (replayed?.state !== 'incorrecto') return check;
    const cause = {
      code: 'MALLA-ENT-49',
      message: 'Un paso posterior está bien, y puede haber cambiado lo de este',
      hint: 'Pide también su entrega: en ella está cómo estaba cada paso.',
    };
    return { ...check, replayed: { ...replayed, state: 'no verificable', cause } };
  });
  return { ...step, checks };
}

async function judge(check: CheckDeclaration, cluster: Cluster, signal: AbortSignal): Promise<ClaimedVerdict> {
  signal.throwIfAborted();
  return check.type === 'respuesta' ? elsewhere(check) : claimed(await verifyCheck(check, { cluster, signal }));
}

/** What a student answers is on their own machine. */
function elsewhere({ id, pattern }: CheckDeclaration & { type: 'respuesta' }): ClaimedVerdict {
  return {
    check: id,
    state: 'no verificable',
    expected: `una respuesta a «${pattern.question}»`,
    observed: 'no está en el clúster',
    cause: {
      code: 'MALLA-ENT-47',
      message: 'Las respuestas están en la máquina del alumno, no en el clúster',
      hint: 'Pide también su entrega, o no la cuentes.',
    },
    evidence: {},
    milliseconds: 0,
    simulated: false,
  };
}

function unjudged({ id, title, checks }: Step): GradedStep {
  return { step: id, title, checks: checks.map(plain), notReplayed: 'MALLA-ENT-46', files: [], applied: [] };
}

function plain({ id, title, type }: CheckDeclaration): GradedCheck {
  return { check: id, title, type, differs: false, attempts: 0, diagnoses: [] };
}
