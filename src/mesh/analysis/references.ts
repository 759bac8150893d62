// IST0101: a VirtualService names a host, subset, port or gateway that is not there. IST0112: a port is not named and there are
// several.
import { namespaceOf } from '../config-objects.ts';
import { gatewayReference } from '../match.ts';
import type { KubeObject } from '../objects.ts';
import { fields, texts } from '../read.ts';
import { destinationsOf, type NamedDestination } from './destinations.ts';
import { type Finding, fullName, notFound, sourceOf } from './finding.ts';
import type { Scene } from './scene.ts';

export function references(scene: Scene): Finding[] {
  const gateways = new Set(scene.gateways.map(fullName));
  return scene.virtualServices.flatMap((object) => [
    ...missingGateways(object, gateways),
    ...destinationsOf(object).flatMap((destination) => missing(object, destination, scene)),
  ]);
}

function missing(object: KubeObject, destination: NamedDestination, scene: Scene): Finding[] {
  const { path, host, subset, port, mirror } = destination;
  const namespace = namespaceOf(object);
  const findings: Finding[] = [];
  const service = scene.service(host, namespace);
  if (!scene.isKnownHost(host, namespace)) {
    findings.push(notFound(object, `${path}.host`, mirror ? 'mirror host' : 'host', host));
  } else if (service && port !== undefined && !service.ports.some((p) => p.port === port)) {
    findings.push(notFound(object, `${path}.port.number`, 'host:port', `${host}:${port}`));
  } else if (service && port === undefined && service.ports.length > 1) {
    const ports = service.ports.map((p) => p.port).join(' ');
    const text = `This VirtualService routes to a service "${host}" that exposes multiple ports [${ports}]. Specifying a port in the destination is required to disambiguate.`;
    findings.push({ code: 'IST0112', level: 'Error', object: sourceOf(object, `${path}.host`), text });
  }
  if (subset && !scene.hasSubset(host, namespace, subset)) {
    findings.push(notFound(object, `${path}.subset`, 'host+subset in destinationrule', `${host}+${subset}`));
  }
  return findings;
}

function missingGateways(object: KubeObject, gateways: ReadonlySet<string>): Finding[] {
  return texts(fields(object.spec).gateways).flatMap((reference, index) => {
    const name = gatewayReference(reference, namespaceOf(object));
    if (name === 'mesh' || gateways.has(name)) return [];
    return [notFound(object, `spec.gateways[${index}]`, 'gateway', reference)];
  });
}
