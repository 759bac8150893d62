// What keeps the traffic of one student from another's: in the network where its plugin enforces it, and in the mesh.
import type { KubeObject } from '../../../mesh/objects.ts';
import { type ClassSettings, labelsOf, namespaceOf } from '../class.ts';
import type { Student } from '../roster.ts';

export function isolationObjects(settings: ClassSettings, student: Student): KubeObject[] {
  const namespace = namespaceOf(settings, student);
  const metadata = (name: string) => ({ name, namespace, labels: labelsOf(settings, student) });
  const { podRanges, istio } = settings;
  return [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadata('aula'),
      spec: {
        podSelector: {},
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [
              { podSelector: {} },
              { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': istio } } },
              // From outside the cluster: NodePorts.
              ...['0.0.0.0/0', '::/0'].map((cidr) => {
                const except = podRanges.filter((range) => range.includes(':') === cidr.includes(':'));
                return { ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } };
              }),
            ],
          },
        ],
      },
    },
    {
      // Its proxies know the student's own services and Istio's: rules that others export do not reach them.
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: metadata('default'),
      spec: { egress: [{ hosts: ['./*', `${istio}/*`] }] },
    },
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: metadata('aula-vecinos'),
      spec: { action: 'DENY', rules: [{ from: neighbours(settings, namespace) }] },
    },
  ];
}

/**
 * Who comes with an identity of another student's namespace, and who comes without any from a pod: without a sidecar, or
 * by the user whose traffic the sidecar lets pass. A node's own addresses in its range, the first two, are those that
 * NodePorts and probes come from.
 */
function neighbours({ name, podRanges }: ClassSettings, namespace: string): object[] {
  const nodes = podRanges.flatMap((range) => nodeAddresses(range) ?? []);
  return [
    { source: { namespaces: [`${name}-*`], notNamespaces: [namespace] } },
    ...(podRanges.length > 0
      ? [{ source: { notPrincipals: ['*'], ipBlocks: podRanges, ...(nodes.length > 0 ? { notIpBlocks: nodes } : {}) } }]
      : []),
  ];
}

/** `10.244.1.0/24` → `10.244.1.0/31`. */
function nodeAddresses(range: string): string | undefined {
  const [address = ''] = range.split('/');
  if (address.includes(':')) return `${address}/127`;
  return /^\d+(\.\d+){3}$/.test(address) ? `${address}/31` : undefined;
}
