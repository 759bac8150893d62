// Why a measured split is not the expected one.

import type { SplitPattern } from '../../labs/check-kinds/reparto.ts';
import type { Decision } from '../../mesh/decision.ts';
import { diagnose } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { sickWorkload } from '../health.ts';
import { findHop } from '../hop.ts';
import { hasSidecar } from '../pods.ts';
import { decideAtEntry, type EntryRequest, fairChance, firstPod, requestTo } from '../prediction.ts';
import type { DestinationRule, Scene } from '../scene.ts';
import { findSplitTarget, naturalShares, type SplitTarget } from '../split-target.ts';
import { rulesFor } from '../subsets.ts';
import type { Symptom } from '../symptom.ts';
import { failureShareCause } from './behaviour.ts';
import { brokenService, deploymentsOf } from './destination.ts';
import { entryCause } from './http.ts';
import { ownerOf } from './owner.ts';
import { interferingPolicy } from './policy.ts';
import { ejectionCause } from './resilience.ts';
import { closeShares } from './rule-split.ts';
import { misnamedCaller } from './security/misnamed-caller.ts';
import { wrongMeshSplit, wrongRules } from './split.ts';
import { printShares } from './weights.ts';
import { replicasAtZero } from './workloads.ts';

type SplitSymptom = Extract<Symptom, { type: 'reparto' }>;

export function splitCause(scene: Scene, { pattern, url, measured }: SplitSymptom): Diagnosis {
  const request = requestTo(url, pattern);
  const target = findSplitTarget(scene, pattern);
  const sick = target && sickWorkload(scene, [target.service]);
  const failing = commonestFailure(measured.failures, measured.requests);
  return (
    sick ??
    // Where nobody takes the connection, no rule was asked.
    (failing === 'refused' ? entryCause(scene, request, failing) : undefined) ??
    guardedCause(scene, request, pattern.about) ??
    (pattern.statuses && failureShareCause(scene, request, { pattern, measured })) ??
    (target && routingCause(scene, request, target, pattern)) ??
    ejectionCause(scene, request, measured) ??
    (failing === undefined ? undefined : entryCause(scene, request, failing)) ??
    (target && sticky(scene, target, measured.decision)) ??
    undecided(measured) ??
    interferingPolicy(scene, 'El reparto no es el que dicen las reglas') ??
    (target
      ? diagnose(
          'MALLA-SAL-07',
          `Las reglas de ${target.service.metadata.name} son las que se piden, pero el tráfico no las sigue aún`,
        )
      : diagnose('MALLA-RED-05', 'Las respuestas no son de ninguna de las versiones que se esperan'))
  );
}

/** The service that the check is about lets in nobody who is there. */
function guardedCause(scene: Scene, request: EntryRequest, about: string | undefined): Diagnosis | undefined {
  const hop = about === undefined ? undefined : findHop(scene, request, about);
  return hop && misnamedCaller(scene, hop.service);
}

function routingCause(
  scene: Scene,
  request: EntryRequest,
  target: SplitTarget,
  pattern: SplitPattern,
): Diagnosis | undefined {
  const expected = normalise(pattern.expected);
  const decision = decideForward(scene, request);
  // What stops every request before it gets near the service comes first: the way in explains it better.
  if (decision?.outcome.kind !== 'forward') return undefined;
  const { namespace = 'default' } = target.service.metadata;
  const natural = closeShares(naturalShares(scene, target), expected) || isUniform(expected, pattern);
  const hop = findHop(scene, request, `${target.service.metadata.name}.${namespace}`);
  const question = { target, expected, natural, callerNamespace: namespace, ...(hop && { hop }) };
  const { service } = decision.outcome;
  const broken = brokenService(scene, target.service);
  if (broken) return broken;
  if (service.name === target.service.metadata.name && service.namespace === namespace) {
    const source = decision.steps.findLast((s) => s.source?.kind === 'VirtualService')?.source;
    const ruler = scene.virtualServices.find(
      (vs) => vs.metadata.name === source?.name && vs.metadata.namespace === source.namespace,
    );
    return ruler && wrongRules(scene, question, ruler);
  }
  const caller = firstPod(scene, decision.outcome);
  const rules = wrongMeshSplit(scene, question);
  if (rules) return rules;
  if (natural) return absentVersion(scene, target, expected);
  if (!caller || hasSidecar(caller)) return undefined;
  return diagnose(
    'MALLA-INY-10',
    `${caller.metadata.name}, que llama a ${target.service.metadata.name}, no lleva sidecar`,
    {
      at: ownerOf(scene, caller),
    },
  );
}

/** Of a rule with several destinations, some may lead nowhere: one that leads somewhere says more of the way. */
function decideForward(scene: Scene, request: EntryRequest): Decision | undefined {
  const chance = fairChance();
  const decisions = Array.from({ length: tries }, () => decideAtEntry(scene, request, chance));
  return decisions.find((d) => d?.outcome.kind === 'forward') ?? decisions[0];
}

/** A destination of a tenth of the weight is drawn in 40 but for one time in 70. */
const tries = 40;

/** The same for every version that the check knows: what a Service does by itself. */
function isUniform(expected: Record<string, number>, { classes }: SplitPattern): boolean {
  const names = Object.keys(classes);
  return names.every((name) => Math.abs((expected[name] ?? 0) - 1 / names.length) < 0.005);
}

function absentVersion(scene: Scene, target: SplitTarget, expected: Record<string, number>): Diagnosis | undefined {
  const present = naturalShares(scene, target);
  const missing = Object.keys(expected).find((name) => (expected[name] ?? 0) > 0 && !present[name]);
  if (missing === undefined) return undefined;
  const { service } = target;
  return (
    replicasAtZero(deploymentsOf(scene, service)) ??
    diagnose('MALLA-APP-01', `${service.metadata.name} no tiene ningún pod listo de ${missing}`, { at: service })
  );
}

/** Over half of the answers: the split itself cannot be seen. */
function commonestFailure(failures: Record<string, number>, requests: number): number | string | undefined {
  const [first] = Object.entries(failures).toSorted(([, a], [, b]) => b - a);
  if (!first || first[1] * 2 < requests) return undefined;
  return /^\d+$/.test(first[0]) ? Number(first[0]) : first[0];
}

function sticky(scene: Scene, { service }: SplitTarget, decision: string): Diagnosis | undefined {
  if (decision !== 'dependiente' && decision !== 'incorrecto') return undefined;
  for (const rule of rulesFor(scene, service, service.metadata.namespace ?? 'default')) {
    const path = hashPath(rule);
    if (path === undefined) continue;
    return diagnose('MALLA-REP-05', 'Las respuestas llegan en rachas: la DestinationRule fija cada cliente a un pod', {
      at: rule,
      path,
    });
  }
  return undefined;
}

/** Of the whole service, or of a subset. */
function hashPath({ spec }: DestinationRule): string | undefined {
  const inside = 'trafficPolicy.loadBalancer.consistentHash';
  const hashes = (policy: { loadBalancer?: { consistentHash?: unknown } } | undefined): boolean =>
    policy?.loadBalancer?.consistentHash !== undefined;
  if (hashes(spec?.trafficPolicy)) return `spec.${inside}`;
  const index = (spec?.subsets ?? []).findIndex((s) => hashes(s.trafficPolicy));
  return index < 0 ? undefined : `spec.subsets[${index}].${inside}`;
}

function undecided({ decision, requests, counts }: SplitSymptom['measured']): Diagnosis | undefined {
  if (decision === 'dependiente')
    return diagnose(
      'MALLA-SAL-09',
      'Las respuestas llegan en rachas, como si algo hubiera cambiado a mitad de la medida',
    );
  if (decision !== 'seguir') return undefined;
  const total = Object.values(counts).reduce((sum, n) => sum + n, 0) || 1;
  const seen = Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, n / total]));
  return diagnose('MALLA-SAL-09', `Tras ${requests} peticiones (${printShares(seen)}) aún no hay evidencia bastante`);
}

function normalise(weights: Record<string, number>): Record<string, number> {
  const total = Object.values(weights).reduce((sum, w) => sum + w, 0);
  return Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, w / total]));
}
