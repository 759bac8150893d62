// Which pods stand behind a Service, and on which ports. Shared by the makers of EndpointSlices and of Endpoints.
import type { Registry } from '../contract.ts';
import type { Pod, Service } from './kinds.ts';
import { isFinished, isReady } from './pods.ts';
import { hasLabels } from './selectors.ts';

export interface EndpointPort {
  name: string;
  port: number;
  protocol: string;
  appProtocol?: string;
}

export interface ServiceEndpoint {
  pod: Pod;
  address: string;
  /** What the pod's own condition says. */
  serving: boolean;
  terminating: boolean;
  /** Ports that the pod has; a named target port that it lacks is left out. */
  ports: EndpointPort[];
}

/** Every pod with an address that the Service selects. A Service without selector has none that are ours to tell. */
export function endpointsOf(registry: Registry, service: Service): ServiceEndpoint[] | undefined {
  const { selector, type } = service.spec ?? {};
  if (!selector || Object.keys(selector).length === 0 || type === 'ExternalName') return undefined;
  const pods = registry.list('pods', service.metadata.namespace) as Pod[];
  return pods
    .filter((pod) => hasLabels(pod.metadata.labels, selector) && !isFinished(pod))
    .flatMap((pod) => {
      const address = pod.status?.podIP;
      if (!address) return [];
      const terminating = pod.metadata.deletionTimestamp !== undefined;
      return [{ pod, address, serving: isReady(pod), terminating, ports: portsOf(service, pod) }];
    });
}

export function isHeadless(service: Service): boolean {
  return service.spec?.clusterIP === 'None';
}

function portsOf(service: Service, pod: Pod): EndpointPort[] {
  return (service.spec?.ports ?? []).flatMap((port) => {
    const target = port.targetPort ?? port.port;
    const protocol = port.protocol ?? 'TCP';
    const number = typeof target === 'number' ? target : namedPort(pod, target, protocol);
    if (number === undefined) return [];
    const { name = '', appProtocol } = port;
    return [{ name, port: number, protocol, ...(appProtocol && { appProtocol }) }];
  });
}

function namedPort(pod: Pod, name: string, protocol: string): number | undefined {
  const sidecars = (pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always');
  for (const container of [...(pod.spec?.containers ?? []), ...sidecars]) {
    const port = container.ports?.find((p) => p.name === name && (p.protocol ?? 'TCP') === protocol);
    if (port) return port.containerPort;
  }
  return undefined;
}
