// What mutual TLS a pod asks for, and which policies say so.
import { byAge, isIstio } from '../../../mesh/config-objects.ts';
import type { KubeObject } from '../../../mesh/objects.ts';
import { fields, hasLabels, stringMap, text } from '../../../mesh/read.ts';

export function peerAuthenticationText(objects: readonly KubeObject[], pod: KubeObject): string {
  const policies = objects.filter((o) => isIstio(o, 'PeerAuthentication', 'security.istio.io')).sort(byAge);
  const labels = (o: KubeObject) => stringMap(fields(fields(o.spec).selector).matchLabels);
  const ofWorkload = policies.filter(
    (o) =>
      o.metadata.namespace === pod.metadata.namespace &&
      labels(o).size > 0 &&
      hasLabels(pod.metadata.labels, labels(o)),
  );
  const wide = (namespace: string | undefined) =>
    policies.filter((o) => o.metadata.namespace === namespace && labels(o).size === 0);
  const applied = [
    ...ofWorkload.slice(0, 1),
    ...wide(pod.metadata.namespace).slice(0, 1),
    ...wide('istio-system').slice(0, 1),
  ];
  const modes = applied.map((o) => text(fields(fields(o.spec).mtls).mode)).filter((m) => m && m !== 'UNSET');
  const ports = Object.entries(fields(fields(ofWorkload[0]?.spec).portLevelMtls));
  const names = [...new Set(applied.map((o) => `${o.metadata.name}.${o.metadata.namespace}`))];
  return [
    'Effective PeerAuthentication:\n',
    `   Workload mTLS mode: ${modes[0] ?? 'PERMISSIVE'}\n`,
    ...(ports.length > 0
      ? ['   Port Level mTLS mode:\n', ...ports.map(([port, p]) => `      ${port}: ${String(fields(p).mode)}\n`)]
      : []),
    ...(names.length > 0 ? [`Applied PeerAuthentication:\n   ${names.join(', ')}\n`] : []),
  ].join('');
}
