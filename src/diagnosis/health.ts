// Is the cluster well enough to judge anybody's work on it?

import { selects } from '../cluster/labels.ts';
import type { KubeObject } from '../mesh/objects.ts';
import { diagnose } from './diagnose.ts';
import type { Diagnosis } from './diagnosis.ts';
import { podState } from './pods.ts';
import { ingressGateways, istiods } from './rules/installation.ts';
import { deploymentOf, podsOf } from './rules/owner.ts';
import { brokenPod } from './rules/workloads.ts';
import type { Deployment, Pod, Scene, Service } from './scene.ts';

/** Before traffic is judged: nodes, and the mesh if it is installed at all. */
export function sickMesh(scene: Scene): Diagnosis | undefined {
  return sickNodes(scene) ?? sickIstiod(scene) ?? sickIngress(scene);
}

export function sickNodes(scene: Scene): Diagnosis | undefined {
  const away = scene.nodes.find((n) => !hasCondition(n, 'Ready'));
  if (away) return diagnose('MALLA-SAL-02', `El nodo ${away.metadata.name} no está listo`, { at: away });
  const full = scene.nodes.find((n) => hasCondition(n, 'DiskPressure'));
  if (full) return diagnose('MALLA-SAL-10', `El nodo ${full.metadata.name} no tiene disco libre`, { at: full });
  return undefined;
}

function hasCondition(node: KubeObject, type: string): boolean {
  const { conditions = [] } = (node.status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some((c) => c.type === type && c.status === 'True');
}

export function wrongClock({ node, seconds }: { node: string; seconds: number }): Diagnosis {
  const much = `${Math.abs(seconds)} s ${seconds > 0 ? 'adelantado' : 'atrasado'}`;
  return diagnose('MALLA-SAL-11', `El reloj del nodo ${node} va ${much} respecto al del API`);
}

export function sickIstiod(scene: Scene): Diagnosis | undefined {
  return idle(scene, istiods(scene), 'MALLA-SAL-03', 'istiod está instalado, pero ningún pod suyo está listo');
}

function sickIngress(scene: Scene): Diagnosis | undefined {
  return idle(
    scene,
    ingressGateways(scene),
    'MALLA-SAL-04',
    'El ingress gateway está instalado, pero ningún pod suyo está listo',
  );
}

/** Workloads behind these Services that do not run for reasons that are not routing. */
export function sickWorkload(scene: Scene, services: readonly Service[]): Diagnosis | undefined {
  for (const pod of scene.pods) {
    if (
      !services.some(
        (s) => s.metadata.namespace === pod.metadata.namespace && selects(s.spec?.selector, pod.metadata.labels),
      )
    )
      continue;
    const broken = brokenPod(scene, pod);
    // An old pod that still serves while its successor cannot start changes nothing for traffic.
    if (broken && !served(scene, pod))
      return diagnose('MALLA-SAL-05', broken.message, {
        at: deploymentOf(scene, pod) ?? pod,
        path: broken.at?.path,
      });
    if (podState(pod).state === 'starting' && !served(scene, pod))
      return diagnose('MALLA-SAL-06', `El pod ${pod.metadata.name} todavía no está listo`, { at: pod });
  }
  return undefined;
}

function served(scene: Scene, pod: Pod): boolean {
  const owner = deploymentOf(scene, pod);
  return owner !== undefined && podsOf(scene, owner).some((p) => podState(p).state === 'ready');
}

function idle(
  scene: Scene,
  deployments: readonly Deployment[],
  code: 'MALLA-SAL-03' | 'MALLA-SAL-04',
  message: string,
): Diagnosis | undefined {
  const [first] = deployments;
  if (!first || deployments.some((d) => podsOf(scene, d).some((p) => podState(p).state === 'ready'))) return undefined;
  const reason = podsOf(scene, first)
    .map((pod) => brokenPod(scene, pod)?.message)
    .find((m) => m !== undefined);
  return diagnose(code, reason ? `${message} (${reason})` : message, { at: first });
}
