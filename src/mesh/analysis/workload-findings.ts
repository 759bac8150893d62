// Deployments and pods that do not get on with the mesh: IST0116, IST0137, IST0144.
import { namespaceOf } from '../config-objects.ts';
import type { KubeObject } from '../objects.ts';
import { fields, hasLabels, items, stringMap, text } from '../read.ts';
import { type Finding, fullName, sourceOf } from './finding.ts';
import { isSystemNamespace } from './injection-findings.ts';
import type { Scene } from './scene.ts';

const PROXY_USER = 1337;

export function reservedUsers({ pods, deployments }: Scene): Finding[] {
  const withSpec = [
    ...pods.map((object) => ({ object, spec: fields(object.spec) })),
    ...deployments.map((object) => ({ object, spec: fields(fields(fields(object.spec).template).spec) })),
  ];
  return withSpec
    .filter(({ object }) => !isSystemNamespace(namespaceOf(object)))
    .flatMap(({ object, spec }) => {
      const containers = items(spec.containers)
        .map(fields)
        .filter(({ name }) => name !== 'istio-proxy');
      return [spec, ...containers]
        .filter(({ securityContext }) => fields(securityContext).runAsUser === PROXY_USER)
        .map(() => ({
          code: 'IST0144',
          level: 'Warning' as const,
          object: sourceOf(object, ''),
          text: `User ID (UID) ${PROXY_USER} is reserved for the sidecar proxy.`,
        }));
    });
}

interface ServedPort {
  service: string;
  port: number;
  target: string;
  protocol: string;
}

export function sharedDeployments({ deployments, rawServices, namespaces }: Scene): Finding[] {
  const injected = new Set(
    namespaces.filter(({ metadata }) => metadata.labels?.['istio-injection'] === 'enabled').map((n) => n.metadata.name),
  );
  return deployments.flatMap((deployment) => {
    const labels = fields(fields(fields(deployment.spec).template).metadata).labels;
    if (!injected.has(namespaceOf(deployment)) || fields(labels)['sidecar.istio.io/inject'] === 'false') return [];
    const ports = rawServices
      .filter((service) => namespaceOf(service) === namespaceOf(deployment))
      .filter((service) => selects(service, labels))
      .flatMap(portsOf);
    return [...protocolConflicts(deployment, ports), ...targetConflicts(deployment, ports)];
  });
}

function selects(service: KubeObject, labels: unknown): boolean {
  const selector = stringMap(fields(service.spec).selector);
  return selector.size > 0 && hasLabels(labels, selector);
}

function portsOf(service: KubeObject): ServedPort[] {
  return items(fields(service.spec).ports)
    .map(fields)
    .map(({ port, targetPort, protocol }) => ({
      service: fullName(service),
      port: Number(port),
      target: String(targetPort || port),
      protocol: text(protocol) ?? 'TCP',
    }));
}

function protocolConflicts(deployment: KubeObject, ports: ServedPort[]): Finding[] {
  return [...Map.groupBy(ports, ({ port }) => port)].flatMap(([port, same]) => {
    if (new Set(same.map((p) => p.protocol)).size < 2) return [];
    const services = same.map((p) => p.service).sort();
    const said = `This deployment ${deployment.metadata.name} is associated with multiple services using port ${port} but different protocols: [${services.join(' ')}]`;
    return [warning(deployment, 'IST0116', said)];
  });
}

function targetConflicts(deployment: KubeObject, ports: ServedPort[]): Finding[] {
  return [...Map.groupBy(ports, ({ target }) => target)].flatMap(([target, same]) => {
    const byPort = new Map(same.map((p) => [p.port, p.service]));
    if (byPort.size < 2) return [];
    const services = [...byPort.values()].sort().join(' ');
    const numbers = [...byPort.keys()].sort((a, b) => a - b).join(' ');
    const said = `This deployment ${deployment.metadata.name} is associated with multiple services [${services}] using targetPort "${target}" but different ports: [${numbers}].`;
    return [warning(deployment, 'IST0137', said)];
  });
}

function warning(object: KubeObject, code: string, said: string): Finding {
  return { code, level: 'Warning', object: sourceOf(object, 'metadata.name'), text: said };
}
