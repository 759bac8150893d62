// How the pods of a cluster reach each other and are named: its CNI, its DNS and its load balancers.

import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, text } from '../../../mesh/read.ts';

export interface Cni {
  /** `flannel`, `calico`…; '' when none of those known is there. */
  name: string;
  /** Whether it enforces NetworkPolicy; undefined when that is not known. */
  policies?: boolean;
}

/** Name of the DaemonSet (in part) → plugin. Canal goes before calico and flannel, of which it is made. */
const plugins: [RegExp, string, boolean | undefined][] = [
  [/^canal/, 'canal', true],
  [/^calico-node/, 'calico', true],
  [/^cilium$/, 'cilium', true],
  [/^kube-flannel/, 'flannel', false],
  [/^weave-net/, 'weave', true],
  [/^antrea-agent/, 'antrea', true],
  [/^kube-router/, 'kube-router', true],
  // kind's own enforces them since 0.24, and those that stand in for it do not.
  [/^kindnet/, 'kindnet', undefined],
];

export function findCni(daemonSets: readonly KubeObject[]): Cni {
  for (const [pattern, name, policies] of plugins)
    if (daemonSets.some((d) => pattern.test(d.metadata.name)))
      return { name, ...(policies === undefined ? {} : { policies }) };
  return { name: '' };
}

export interface Dns {
  ready: number;
  wanted: number;
  image: string;
}

/** CoreDNS, under the names that kubeadm and others give it; undefined when it is not there. */
export function findDns(deployments: readonly KubeObject[]): Dns | undefined {
  const found = deployments.find(
    (d) =>
      d.metadata.namespace === 'kube-system' &&
      (d.metadata.name.includes('coredns') || d.metadata.labels?.['k8s-app'] === 'kube-dns'),
  );
  if (!found) return undefined;
  const { replicas = 1, template } = (found.spec ?? {}) as {
    replicas?: number;
    template?: { spec?: { containers?: { image?: string }[] } };
  };
  const ready = fields(found.status).readyReplicas;
  return {
    ready: typeof ready === 'number' ? ready : 0,
    wanted: replicas,
    image: template?.spec?.containers?.[0]?.image ?? '',
  };
}

/** Whether Services of type LoadBalancer get an address: `nobody-asks` when there is none to tell by. */
export type Balancers = 'given' | 'pending' | 'nobody-asks';

export function findBalancers(services: readonly KubeObject[]): Balancers {
  const asking = services.filter((s) => text(fields(s.spec).type) === 'LoadBalancer');
  if (asking.length === 0) return 'nobody-asks';
  const given = asking.some((s) => {
    const { ingress } = fields(fields(s.status).loadBalancer);
    return Array.isArray(ingress) && ingress.length > 0;
  });
  return given ? 'given' : 'pending';
}
