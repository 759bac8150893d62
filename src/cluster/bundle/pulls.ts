// Which images the nodes had and which they had to pull, as the kubelets' events tell it.
import type { KubeObject } from '../../mesh/objects.ts';
import type { KubeClient } from '../contract.ts';

export interface PodPulls {
  namespace: string;
  pod: string;
  /** Containers whose image was on the node. */
  present: number;
  /** Images that a kubelet began to pull. */
  pulled: string[];
  /** Nothing is known: Kubernetes forgets events after an hour. */
  unknown: boolean;
}

export interface Pulls {
  verdict: 'nada descargado' | 'hubo descargas' | 'no consta';
  pods: PodPulls[];
}

/** Of the pods that exist, outside of the system's own namespaces. Rejects with ClusterError. */
export async function readPulls(client: KubeClient): Promise<Pulls> {
  const [pods, events] = await Promise.all([
    client.list({ apiVersion: 'v1', kind: 'Pod' }),
    client.list({ apiVersion: 'v1', kind: 'Event' }),
  ]);
  return judgePulls(pods, events);
}

const system = /^(kube-|local-path-storage$|metallb-)/;

export function judgePulls(pods: readonly KubeObject[], events: readonly KubeObject[]): Pulls {
  const byPod = Map.groupBy(events.map(read), (e) => e.uid);
  const found = pods
    .filter(({ metadata }) => !system.test(metadata.namespace ?? ''))
    .map(({ metadata, spec }): PodPulls => {
      const { containers = [], initContainers = [] } = (spec ?? {}) as {
        containers?: unknown[];
        initContainers?: unknown[];
      };
      const own = byPod.get(metadata.uid ?? '') ?? [];
      const present = own.filter((e) => e.present).length;
      const pulled = [...new Set(own.flatMap((e) => (e.pulling ? [e.pulling] : [])))];
      const unknown = pulled.length === 0 && present < containers.length + initContainers.length;
      return { namespace: metadata.namespace ?? '', pod: metadata.name, present, pulled, unknown };
    });
  const verdict = found.some((p) => p.pulled.length > 0)
    ? 'hubo descargas'
    : found.length === 0 || found.some((p) => p.unknown)
      ? 'no consta'
      : 'nada descargado';
  return { verdict, pods: found };
}

interface EventShape {
  involvedObject?: { uid?: string };
  reason?: string;
  message?: string;
}

function read(event: KubeObject): { uid: string; present: boolean; pulling?: string } {
  const { involvedObject, reason, message = '' } = event as KubeObject & EventShape;
  const image = /image "([^"]+)"/.exec(message)?.[1];
  return {
    uid: involvedObject?.uid ?? '',
    present: reason === 'Pulled' && message.includes('already present on machine'),
    // A pull that failed was tried all the same.
    ...(image && (reason === 'Pulling' || (reason === 'Failed' && /pull/.test(message))) ? { pulling: image } : {}),
  };
}
