// Why there are not enough ready pods for a selector.

import { equalities, parseSelector } from '../../cluster/label-selector.ts';
import { type Labels, printLabels } from '../../cluster/labels.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { isReady, podState } from '../pods.ts';
import { type Deployment, type Pod, rootNamespace, type Scene } from '../scene.ts';
import { isTypo } from '../typo.ts';
import { missingEgress, missingIngress, missingIstio } from './installation.ts';
import { ownerOf } from './owner.ts';

export interface WorkloadQuestion {
  namespace: string;
  selector: string;
  atLeast: number;
}

export function tooFewPods(scene: Scene, question: WorkloadQuestion): Diagnosis | undefined {
  const matches = parseSelector(question.selector);
  const pods = scene.pods.filter((p) => p.metadata.namespace === question.namespace && matches(p.metadata.labels));
  if (pods.length === 0) return nothingThere(scene, question, matches);
  const broken = pods.map((pod) => brokenPod(scene, pod)).find((d) => d !== undefined);
  if (broken) return broken;
  const waiting = pods.find((p) => !isReady(p));
  if (waiting) return notYetReady(scene, waiting);
  if (pods.length >= question.atLeast) return undefined;
  const owner = pods[0] ? ownerOf(scene, pods[0]) : undefined;
  return (
    refused(matchingDeployments(scene, question.namespace, matches)) ??
    diagnose('MALLA-APP-03', `Hay ${pods.length} pods y hacen falta ${question.atLeast}`, {
      at: owner,
      path: owner?.kind === 'Deployment' ? 'spec.replicas' : undefined,
    })
  );
}

/** A pod that time alone will not cure. */
export function brokenPod(scene: Scene, pod: Pod): Diagnosis | undefined {
  const state = podState(pod);
  const owner = ownerOf(scene, pod);
  const path = (inPod: string): string => (owner === pod ? inPod : `spec.template.${inPod}`);
  if (state.state === 'image') {
    // Nobody types the images of Istio's own pods in a lab: there it is the registry or the network.
    const code = isOfIstio(pod) ? 'MALLA-SAL-05' : 'MALLA-APP-02';
    return diagnose(code, `${nameOf(owner)}: la imagen «${state.image}» no se puede descargar`, {
      at: owner,
      path: path(state.path),
    });
  }
  if (state.state === 'failing' || state.state === 'misconfigured')
    return diagnose('MALLA-APP-04', `${nameOf(owner)}: el contenedor ${state.container} no arranca (${state.reason})`, {
      at: owner,
      path: path(state.path),
    });
  if (state.state === 'unschedulable')
    return diagnose('MALLA-APP-05', `${nameOf(owner)}: ${state.reason}`, { at: owner });
  return undefined;
}

/** The control plane and the gateways; Prometheus or Jaeger, beside them, come from the student's files. */
function isOfIstio({ metadata: { namespace, labels } }: Pod): boolean {
  return namespace === rootNamespace && (labels?.app === 'istiod' || labels?.istio !== undefined);
}

export function replicasAtZero(deployments: readonly Deployment[]): Diagnosis | undefined {
  const off = deployments.find((d) => d.spec?.replicas === 0);
  if (!off) return undefined;
  return diagnose('MALLA-APP-03', `${nameOf(off)} tiene 0 réplicas`, { at: off, path: 'spec.replicas' });
}

/** Its controller tries to create pods and the API server says no. */
export function refused(deployments: readonly Deployment[]): Diagnosis | undefined {
  for (const deployment of deployments) {
    const failure = deployment.status?.conditions?.find((c) => c.type === 'ReplicaFailure' && c.status === 'True');
    if (!failure) continue;
    const message = failure.message ?? failure.reason ?? '';
    if (message.includes('failed calling webhook'))
      return diagnose('MALLA-SAL-03', `istiod no responde al webhook de inyección: ${message}`, { at: deployment });
    return diagnose('MALLA-APP-11', `${nameOf(deployment)}: ${message}`, { at: deployment });
  }
  return undefined;
}

function nothingThere(
  scene: Scene,
  { namespace, selector }: WorkloadQuestion,
  matches: (labels: Labels | undefined) => boolean,
): Diagnosis {
  const ofIstio = namespace === rootNamespace ? (missingIstio(scene) ?? ingressAskedFor(scene, selector)) : undefined;
  if (ofIstio) return ofIstio;
  const here = matchingDeployments(scene, namespace, matches);
  const starting = here[0];
  const found = replicasAtZero(here) ?? refused(here);
  if (found) return found;
  if (starting) return diagnose('MALLA-SAL-06', `${nameOf(starting)} aún no ha creado sus pods`, { at: starting });
  return (
    elsewhere(scene, namespace, matches) ??
    otherLabels(scene, namespace, selector) ??
    diagnose('MALLA-APP-01', `No hay ningún pod con ${selector} en ${namespace}`)
  );
}

function ingressAskedFor(scene: Scene, selector: string): Diagnosis | undefined {
  if (selector.includes('egressgateway')) return missingEgress(scene);
  return selector.includes('ingressgateway') ? missingIngress(scene) : undefined;
}

function elsewhere(
  scene: Scene,
  namespace: string,
  matches: (labels: Labels | undefined) => boolean,
): Diagnosis | undefined {
  const other = scene.deployments.find(
    (d) => d.metadata.namespace !== namespace && matches(d.spec?.template?.metadata?.labels),
  );
  if (!other) return undefined;
  return diagnose('MALLA-APP-12', `${nameOf(other)} está en ${other.metadata.namespace}, y se busca en ${namespace}`, {
    at: other,
    path: 'metadata.namespace',
  });
}

/** A Deployment of this namespace that was meant: its name or one of its labels says so. */
function otherLabels(scene: Scene, namespace: string, selector: string): Diagnosis | undefined {
  const wanted = equalities(selector);
  const values = Object.values(wanted);
  const meant = scene.deployments.find((d) => {
    if (d.metadata.namespace !== namespace) return false;
    const labels = d.spec?.template?.metadata?.labels ?? {};
    const near = (text: string): boolean => values.some((v) => v === text || isTypo(text, v));
    return (
      near(d.metadata.name) ||
      Object.values(labels).some(near) ||
      values.some((v) => d.metadata.name.startsWith(`${v}-`))
    );
  });
  if (!meant) return undefined;
  const labels = meant.spec?.template?.metadata?.labels;
  return diagnose(
    'MALLA-APP-10',
    `${nameOf(meant)} crea pods con ${printLabels(labels) || 'ninguna etiqueta'}, y se busca ${selector}`,
    { at: meant, path: 'spec.template.metadata.labels' },
  );
}

function notYetReady(scene: Scene, pod: Pod): Diagnosis {
  const owner: KubeObject = ownerOf(scene, pod);
  // Verifying waits while this is the cause; what is still running and not ready after that wait is not just slow.
  return pod.status?.phase === 'Running'
    ? diagnose('MALLA-APP-06', `El pod ${pod.metadata.name} está en marcha, pero no está listo`, { at: owner })
    : diagnose('MALLA-SAL-06', `El pod ${pod.metadata.name} todavía está arrancando`, { at: owner });
}

function matchingDeployments(
  scene: Scene,
  namespace: string,
  matches: (labels: Labels | undefined) => boolean,
): Deployment[] {
  return scene.deployments.filter(
    (d) => d.metadata.namespace === namespace && matches(d.spec?.template?.metadata?.labels),
  );
}
