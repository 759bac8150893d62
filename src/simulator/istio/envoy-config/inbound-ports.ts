// The ports of a pod that Services send traffic to: a sidecar has an inbound cluster and listener chains for each.
import { hasLabels } from '../../../mesh/read.ts';
import { type MeshService, type PortProtocol, podPort } from '../../../mesh/services.ts';
import { byName } from './json.ts';
import { protocolOf, type Scene } from './scene.ts';

export interface InboundPort {
  port: number;
  protocol: PortProtocol;
  /** Port of the first Service. */
  servicePort: number;
  services: MeshService[];
}

export function inboundPorts({ services, pod, client }: Scene): InboundPort[] {
  const ports = new Map<number, InboundPort>();
  const own = [...services.all()]
    .filter((s) => s.namespace === client.namespace && s.selector.size > 0 && hasLabels(client.labels, s.selector))
    .sort((a, b) => byName(a.host, b.host));
  for (const service of own) {
    for (const servicePort of service.ports) {
      const port = podPort(pod, servicePort.target);
      if (port === undefined) continue;
      const known = ports.get(port);
      if (!known)
        ports.set(port, {
          port,
          protocol: protocolOf(servicePort),
          servicePort: servicePort.port,
          services: [service],
        });
      else if (!known.services.includes(service)) known.services.push(service);
    }
  }
  return [...ports.values()].sort((a, b) => a.port - b.port);
}
