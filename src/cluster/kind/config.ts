// What kind is told to make.
import { stringify } from 'yaml';
import { knownNodePorts } from '../entry/known-node-ports.ts';

export interface KindShape {
  nodes: 1 | 3;
  image: string;
  /** The known NodePorts on 127.0.0.1, with the same numbers. */
  publish: boolean;
}

/** What kind 0.30 makes by itself, by its digest: a tag may be moved. */
export const usualImage =
  'kindest/node:v1.34.0@sha256:7416a61b42b1662ca6ca89f02028ac133a309a2a30ba309614e8ec94d976dc5a';

/** On each node: the cluster is told apart from others, whatever machine or folder it is seen from. */
export const madeLabel = { 'malla.dev/creado-por': 'malla' } as const;

/** Ports that a cluster of that shape takes on this machine. */
export function portsOf({ publish }: Pick<KindShape, 'publish'>): number[] {
  return publish ? Object.values(knownNodePorts) : [];
}

export function kindConfig(shape: KindShape): string {
  const { nodes, image } = shape;
  const worker = { role: 'worker', image, labels: madeLabel };
  const mappings = portsOf(shape).map((port) => ({
    containerPort: port,
    hostPort: port,
    listenAddress: '127.0.0.1',
    protocol: 'TCP',
  }));
  return stringify(
    {
      kind: 'Cluster',
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      networking: { apiServerAddress: '127.0.0.1' },
      nodes: [
        {
          role: 'control-plane',
          image,
          labels: madeLabel,
          ...(mappings.length > 0 ? { extraPortMappings: mappings } : {}),
        },
        ...Array.from({ length: nodes - 1 }, () => worker),
      ],
    },
    { aliasDuplicateObjects: false },
  );
}
