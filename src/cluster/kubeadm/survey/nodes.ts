// The machines of a cluster, as their kubelets tell them.

import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, text } from '../../../mesh/read.ts';
import { isNodeReady } from '../../facts.ts';

export interface NodeLine {
  name: string;
  ready: boolean;
  /** `control-plane`, `worker`…; empty when none is written. */
  roles: string[];
  /** Of the kubelet: `v1.34.4`. */
  version: string;
  /** `containerd://2.1.4`. */
  runtime: string;
  kernel: string;
  architecture: string;
  /** Who provides it: `aws`, `gce`, `kind`…; '' on a machine of one's own. */
  provider: string;
}

const roleLabel = 'node-role.kubernetes.io/';

export function readNode(node: KubeObject): NodeLine {
  const info = fields(fields(node.status).nodeInfo);
  return {
    name: node.metadata.name,
    ready: isNodeReady(node),
    roles: Object.keys(node.metadata.labels ?? {}).flatMap((l) =>
      l.startsWith(roleLabel) ? [l.slice(roleLabel.length)] : [],
    ),
    version: text(info.kubeletVersion) ?? '',
    runtime: text(info.containerRuntimeVersion) ?? '',
    kernel: text(info.kernelVersion) ?? '',
    architecture: text(info.architecture) ?? '',
    provider: /^([a-z0-9-]+):\/\//.exec(text(fields(node.spec).providerID) ?? '')?.[1] ?? '',
  };
}
