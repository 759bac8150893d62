// Why pods of a namespace have no sidecar: the chain from the webhook's selection to the pod itself (istio-hechos §5).

import type { Labels } from '../../cluster/labels.ts';
import { diagnose, nameOf } from '../diagnose.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { hasSidecar } from '../pods.ts';
import type { Pod, Scene } from '../scene.ts';
import { distance, isTypo } from '../typo.ts';
import { missingInjector, missingIstio } from './installation.ts';
import { ownerOf } from './owner.ts';

const injection = 'istio-injection';
const revision = 'istio.io/rev';
const optOut = 'sidecar.istio.io/inject';
/** Istio never injects here, whatever the labels say. */
const excluded = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage']);

/** Why new pods of the namespace would not get a sidecar. */
export function uninjectedNamespace(scene: Scene, namespace: string): Diagnosis | undefined {
  return missingIstio(scene) ?? missingInjector(scene) ?? wrongLabel(scene, namespace);
}

/** Why these pods, which exist, have none. */
export function missingSidecar(scene: Scene, namespace: string, pods: readonly Pod[]): Diagnosis | undefined {
  const bare = pods.filter((pod) => !hasSidecar(pod));
  const [first] = bare;
  if (!first) return undefined;
  const broken = missingIstio(scene) ?? missingInjector(scene);
  if (broken) return broken;
  // Where all of them say it, their namespace has no part in it.
  const alone = bare.every(refuses) ? optedOut(scene, bare) : undefined;
  if (alone) return alone;
  const asks = bare.every((pod) => pod.metadata.labels?.[optOut] === 'true');
  const label = asks ? undefined : wrongLabel(scene, namespace);
  return label ?? optedOut(scene, bare) ?? hostNetwork(scene, bare) ?? notRecreated(scene, first, bare.length);
}

export function unwantedSidecar(scene: Scene, pods: readonly Pod[]): Diagnosis | undefined {
  const pod = pods.find(hasSidecar);
  if (!pod) return undefined;
  return diagnose('MALLA-INY-08', `El pod ${pod.metadata.name} lleva sidecar y no debía`, { at: ownerOf(scene, pod) });
}

function wrongLabel(scene: Scene, name: string): Diagnosis | undefined {
  if (excluded.has(name)) return diagnose('MALLA-INY-07', `Istio no inyecta en el espacio de nombres ${name}`);
  const namespace = scene.namespaces.find((n) => n.metadata.name === name);
  const labels: Labels = namespace?.metadata.labels ?? {};
  if (labels[injection] === 'enabled') return undefined;
  if (labels[injection] !== undefined)
    return diagnose('MALLA-INY-03', `${name} tiene ${injection}=${labels[injection]}, que no activa la inyección`, {
      at: namespace,
      path: `metadata.labels.${injection}`,
    });
  if (labels[revision] !== undefined) {
    if (revisions(scene).has(labels[revision])) return undefined;
    return diagnose('MALLA-INY-09', `Ninguna revisión de Istio se llama «${labels[revision]}»`, {
      at: namespace,
      path: `metadata.labels["${revision}"]`,
    });
  }
  const typo = Object.keys(labels).find((key) => isTypo(key, injection) || distance(key, injection) <= 3);
  if (typo)
    return diagnose('MALLA-INY-02', `${name} tiene la etiqueta «${typo}», y Istio busca «${injection}»`, {
      at: namespace,
      path: `metadata.labels.${typo}`,
    });
  const other = scene.namespaces.find((n) => n.metadata.labels?.[injection] === 'enabled');
  if (other)
    return diagnose(
      'MALLA-INY-04',
      `La etiqueta ${injection}=enabled está en ${other.metadata.name}, pero no en ${name}`,
      { at: namespace ?? other, path: 'metadata.labels' },
    );
  return diagnose('MALLA-INY-01', `El espacio de nombres ${name} no tiene la etiqueta ${injection}=enabled`, {
    at: namespace,
    path: 'metadata.labels',
  });
}

function revisions(scene: Scene): Set<string> {
  const labels = scene.webhooks.flatMap(({ metadata }) => [
    metadata.labels?.[revision],
    metadata.labels?.['istio.io/tag'],
  ]);
  return new Set(labels.filter((l) => l !== undefined));
}

function optedOut(scene: Scene, pods: readonly Pod[]): Diagnosis | undefined {
  for (const pod of pods) {
    if (!refuses(pod)) continue;
    const where = pod.metadata.labels?.[optOut] === undefined ? 'annotations' : 'labels';
    const owner = ownerOf(scene, pod);
    return diagnose('MALLA-INY-06', `${nameOf(owner)} se excluye de la inyección con ${optOut}: "false"`, {
      at: owner,
      path: `${owner === pod ? '' : 'spec.template.'}metadata.${where}["${optOut}"]`,
    });
  }
  return undefined;
}

/** The label wins over the annotation. */
function refuses({ metadata: { labels, annotations } }: Pod): boolean {
  return (labels?.[optOut] ?? annotations?.[optOut]) === 'false';
}

function hostNetwork(scene: Scene, pods: readonly Pod[]): Diagnosis | undefined {
  const pod = pods.find((p) => p.spec?.hostNetwork);
  if (!pod) return undefined;
  const owner = ownerOf(scene, pod);
  return diagnose('MALLA-INY-07', `${nameOf(owner)} usa hostNetwork, e Istio no inyecta en esos pods`, {
    at: owner,
    path: owner === pod ? 'spec.hostNetwork' : 'spec.template.spec.hostNetwork',
  });
}

function notRecreated(scene: Scene, pod: Pod, count: number): Diagnosis {
  const owner = ownerOf(scene, pod);
  const message =
    count === 1
      ? `El pod ${pod.metadata.name} no lleva sidecar: se creó antes de activar la inyección`
      : `${count} pods no llevan sidecar: se crearon antes de activar la inyección`;
  const hint =
    owner.kind === 'Deployment'
      ? 'La inyección solo actúa al crear un pod: haz que el Deployment cree pods nuevos.'
      : undefined;
  return diagnose('MALLA-INY-05', message, { at: owner, hint });
}
