import { selects } from '../../cluster/labels.ts';
import type { KubeObject } from '../../mesh/objects.ts';
import type { Deployment, Pod, Scene } from '../scene.ts';

/** The Deployment that a pod comes from, or the pod itself: where the student can change something. */
export function ownerOf(scene: Scene, pod: Pod): KubeObject {
  return deploymentOf(scene, pod) ?? pod;
}

export function deploymentOf(scene: Scene, pod: Pod): Deployment | undefined {
  return scene.deployments.find(
    (d) =>
      d.metadata.namespace === pod.metadata.namespace &&
      selects(d.spec?.selector?.matchLabels, pod.metadata.labels) &&
      pod.metadata.name.startsWith(`${d.metadata.name}-`),
  );
}

export function podsOf(scene: Scene, deployment: Deployment): Pod[] {
  return scene.pods.filter((p) => deploymentOf(scene, p) === deployment);
}
