// Which mutual TLS a workload asks of its clients: port, then workload, then namespace, then mesh.
import { byAge, isIstio } from '../../../mesh/config-objects.ts';
import { fields, hasLabels, present, stringMap, text } from '../../../mesh/read.ts';
import type { Scene } from './scene.ts';

export type PeerMode = 'PERMISSIVE' | 'STRICT' | 'DISABLE';

/** Of a port of the pod; undefined: of ports that no rule names. */
export function peerMode({ mesh, client }: Scene, port?: number): PeerMode {
  const all = mesh.objects.filter((o) => isIstio(o, 'PeerAuthentication', 'security.istio.io')).sort(byAge);
  const inNamespace = (namespace: string, ofWorkload: boolean) =>
    all.find((o) => {
      const { selector } = fields(o.spec);
      const labels = stringMap(fields(selector).matchLabels);
      if (o.metadata.namespace !== namespace || ofWorkload !== labels.size > 0) return false;
      return !ofWorkload || (present(selector) && hasLabels(client.labels, labels));
    });
  const workload = inNamespace(client.namespace, true);
  const ofPort = port === undefined ? undefined : fields(fields(workload?.spec).portLevelMtls)[String(port)];
  const levels = [
    fields(ofPort).mode,
    ...[workload, inNamespace(client.namespace, false), inNamespace(mesh.rootNamespace, false)].map(
      (o) => fields(fields(o?.spec).mtls).mode,
    ),
  ];
  for (const level of levels) {
    const mode = text(level);
    if (mode === 'STRICT' || mode === 'DISABLE' || mode === 'PERMISSIVE') return mode;
  }
  return 'PERMISSIVE';
}
