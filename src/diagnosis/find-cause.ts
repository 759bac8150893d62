// From a symptom to the first broken link: one chain of prerequisites for each kind of check, walked in order.

import { parseSelector } from '../cluster/label-selector.ts';
import { diagnose } from './diagnose.ts';
import type { Diagnosis } from './diagnosis.ts';
import { sickIstiod, sickNodes } from './health.ts';
import { hasSidecar } from './pods.ts';
import { analysisCause } from './rules/analysis.ts';
import { answerCause } from './rules/answer.ts';
import { httpCause } from './rules/http.ts';
import { missingSidecar, uninjectedNamespace, unwantedSidecar } from './rules/injection.ts';
import { latencyCause } from './rules/latency.ts';
import { nodesCause, podsWithoutPlace } from './rules/machines.ts';
import { objectCause } from './rules/object.ts';
import { podRequestCause } from './rules/pod-request.ts';
import { proxyCause } from './rules/proxy.ts';
import { splitCause } from './rules/split-cause.ts';
import { logCause } from './rules/telemetry/log-cause.ts';
import { metricCause } from './rules/telemetry/metric-cause.ts';
import { traceCause } from './rules/telemetry/trace-cause.ts';
import { tooFewPods } from './rules/workloads.ts';
import type { Scene } from './scene.ts';
import type { Symptom } from './symptom.ts';

/** Always names something: a check that failed has a cause, if only what was seen. */
export function findCause(symptom: Symptom, scene: Scene): Diagnosis {
  const cause = firstBroken(symptom, scene);
  return saysOnlyWhatWasSeen.has(cause.code) && !cause.at ? (analysisCause(scene) ?? cause) : cause;
}

const saysOnlyWhatWasSeen = new Set(
  ['RED-02', 'RED-03', 'RED-04', 'RED-05', 'PET-03', 'PET-04', 'PET-05'].map((code) => `MALLA-${code}`),
);

function firstBroken(symptom: Symptom, scene: Scene): Diagnosis {
  switch (symptom.type) {
    case 'objeto':
      return objectCause(scene, symptom);
    case 'inyeccion':
      return (
        uninjectedNamespace(scene, symptom.pattern.namespace) ??
        diagnose('MALLA-INY-01', `El espacio de nombres ${symptom.pattern.namespace} no tenía la inyección activa`)
      );
    case 'pods':
      return podsCause(scene, symptom.pattern);
    case 'http':
      return httpCause(scene, symptom);
    case 'proxy':
      return proxyCause(scene, symptom);
    case 'peticion':
      return podRequestCause(scene, symptom);
    case 'latencia':
      return latencyCause(scene, symptom);
    case 'reparto':
      return splitCause(scene, symptom);
    case 'registro':
      return logCause(scene, symptom);
    case 'metrica':
      return metricCause(scene, symptom);
    case 'respuesta':
      return answerCause(symptom);
    case 'nodos':
      return nodesCause(scene, symptom);
    case 'traza':
      return traceCause(scene, symptom);
  }
}

function podsCause(scene: Scene, pattern: Extract<Symptom, { type: 'pods' }>['pattern']): Diagnosis {
  const matches = parseSelector(pattern.selector);
  const pods = scene.pods.filter((p) => p.metadata.namespace === pattern.namespace && matches(p.metadata.labels));
  const few = tooFewPods(scene, pattern);
  // On a cluster that the student makes, the way from a machine to a pod's address is theirs.
  const place = few && podsWithoutPlace(scene, pods);
  if (place) return place;
  // Pods that wait for something are excused by a node or an istiod that is not there; wrong images are not.
  if (few && !few.code.startsWith('MALLA-APP-02')) {
    const sick = sickNodes(scene) ?? (few.code === 'MALLA-SAL-06' ? sickIstiod(scene) : undefined);
    if (sick) return sick;
  }
  if (few) return few;
  if (pattern.sidecar === true && pods.some((p) => !hasSidecar(p))) {
    const cause = missingSidecar(scene, pattern.namespace, pods);
    if (cause?.code === 'MALLA-INY-05') return sickIstiod(scene) ?? cause;
    if (cause) return cause;
  }
  if (pattern.sidecar === false) {
    const cause = unwantedSidecar(scene, pods);
    if (cause) return cause;
  }
  return diagnose('MALLA-SAL-06', `Los pods con ${pattern.selector} acaban de cambiar`);
}
