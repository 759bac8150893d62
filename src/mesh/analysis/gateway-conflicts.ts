// Gateways against each other and against what is in the cluster: IST0138, IST0145, IST0149, IST0162 and missing credentials.
import { namespaceOf } from '../config-objects.ts';
import { gatewayReference } from '../match.ts';
import type { KubeObject } from '../objects.ts';
import { fields, hasLabels, integer, items, stringMap, text, texts } from '../read.ts';
import { type Finding, fullName, notFound, sourceOf } from './finding.ts';
import type { Scene } from './scene.ts';
import { selectorText } from './selector-findings.ts';

interface Server {
  gateway: KubeObject;
  selector: Map<string, string>;
  port: number;
  hosts: string[];
  bind: string;
  tls: Readonly<Record<string, unknown>>;
  index: number;
}

function serversOf(gateway: KubeObject): Server[] {
  const { selector, servers } = fields(gateway.spec);
  return items(servers).map((item, index) => {
    const { port, hosts, bind, tls } = fields(item);
    return {
      gateway,
      selector: stringMap(selector),
      port: integer(fields(port).number) ?? 0,
      hosts: texts(hosts),
      bind: text(bind) ?? '',
      tls: fields(tls),
      index,
    };
  });
}

export function conflictingGateways({ gateways, pods }: Scene): Finding[] {
  const all = gateways.flatMap(serversOf);
  return all.flatMap((server) => {
    const rivals = all.filter(
      (other) =>
        other.gateway !== server.gateway &&
        other.port === server.port &&
        other.bind === server.bind &&
        shareAPod(server.selector, other.selector, pods) &&
        server.hosts.some((host) => other.hosts.includes(host)),
    );
    if (rivals.length === 0) return [];
    const names = [...new Set(rivals.map((r) => fullName(r.gateway)))].sort().join(',');
    const said = `Conflict with gateways ${names} (workload selector ${selectorText(server.selector)}, port ${server.port}, hosts ${server.hosts.join(',')}).`;
    return [{ code: 'IST0145', level: 'Error' as const, object: sourceOf(server.gateway, ''), text: said }];
  });
}

function shareAPod(a: Map<string, string>, b: Map<string, string>, pods: readonly KubeObject[]): boolean {
  const [one, other] = [selectorText(a), selectorText(b)];
  if (one === other) return true;
  if (!one.includes(other) && !other.includes(one)) return false;
  return pods.some(({ metadata }) => hasLabels(metadata.labels, a) && hasLabels(metadata.labels, b));
}

/** One certificate, given at a wider host by another Gateway, makes browsers reuse the wrong connection. */
export function sharedCertificates({ gateways }: Scene): Finding[] {
  const secured = gateways.map((gateway) => ({ gateway, certificates: certificatesOf(gateway) }));
  return secured.flatMap(({ gateway, certificates }) => {
    const selector = stringMap(fields(gateway.spec).selector);
    const same = secured.filter(
      (other) =>
        other.gateway !== gateway &&
        hasLabels(fields(other.gateway.spec).selector, selector) &&
        other.certificates.some((c) => certificates.includes(c)),
    );
    if (same.length === 0) return [];
    const names = [gateway, ...same.map((o) => o.gateway)].map(fullName).join(' ');
    const said = `Duplicate certificate in multiple gateways [${names}] may cause 404s if clients re-use HTTP2 connections.`;
    return [{ code: 'IST0138', level: 'Warning' as const, object: sourceOf(gateway, 'metadata.name'), text: said }];
  });
}

function certificatesOf(gateway: KubeObject): string[] {
  return serversOf(gateway).flatMap(({ tls }) => {
    const [name, certificate, key] = [text(tls.credentialName), text(tls.serverCertificate), text(tls.privateKey)];
    if (name) return [`credential ${name}`];
    return certificate && key ? [`file ${certificate} ${key}`] : [];
  });
}

/** Secrets are looked for where the gateway's pods are. */
export function missingCredentials({ gateways, pods, secrets }: Scene): Finding[] {
  const known = new Set(secrets.map(fullName));
  return gateways.flatMap((gateway) => {
    const selector = stringMap(fields(gateway.spec).selector);
    const home = pods.find(({ metadata }) => hasLabels(metadata.labels, selector));
    if (!home) return [];
    return serversOf(gateway).flatMap(({ tls, index }) => {
      const name = text(tls.credentialName);
      if (!name) return [];
      const path = `spec.servers[${index}].tls.credentialName`;
      const wanted = name.includes('/') ? name : `${namespaceOf(home)}/${name}`;
      return known.has(wanted) ? [] : [notFound(gateway, path, 'credentialName', name)];
    });
  });
}

export function unreachablePorts({ gateways, pods, rawServices }: Scene): Finding[] {
  return gateways.flatMap((gateway) => {
    const selector = stringMap(fields(gateway.spec).selector);
    const chosen = pods.filter(({ metadata }) => hasLabels(metadata.labels, selector));
    if (chosen.length === 0) return [];
    const open = new Set(chosen.flatMap((pod) => [...portsTo(pod, rawServices)]));
    return serversOf(gateway)
      .filter(({ port }) => !open.has(port))
      .map(({ port }) => {
        const said = `The gateway is listening on a target port (port ${port}) that is not defined in the Service associated with its workload instances (Pod selector ${selectorText(selector)}). If you need to access the gateway port through the gateway Service, it will not be available.`;
        const path = `spec.selector.${[...selector.keys()].sort()[0] ?? ''}`;
        return { code: 'IST0162', level: 'Warning' as const, object: sourceOf(gateway, path), text: said };
      });
  });
}

function* portsTo(pod: KubeObject, services: readonly KubeObject[]): Generator<number> {
  for (const service of services) {
    const { selector, ports } = fields(service.spec);
    if (namespaceOf(service) !== namespaceOf(pod) || !hasLabels(pod.metadata.labels, stringMap(selector))) continue;
    for (const { port, targetPort, protocol } of items(ports).map(fields)) {
      if (protocol !== undefined && protocol !== 'TCP') continue;
      for (const number of [integer(port), integer(targetPort)]) if (number) yield number;
    }
  }
}

/** Routing by claims of a token that nobody has checked. */
export function uncheckedClaims(scene: Scene): Finding[] {
  const byName = new Map(scene.gateways.map((gateway) => [fullName(gateway), gateway]));
  return scene.virtualServices.flatMap((object) => {
    const claim = claimOf(object);
    if (claim === undefined) return [];
    return texts(fields(object.spec).gateways).flatMap((reference) => {
      const name = gatewayReference(reference, namespaceOf(object));
      const gateway = byName.get(name);
      if (!gateway) return [];
      const selector = stringMap(fields(gateway.spec).selector);
      return scene.pods
        .filter(
          (pod) => hasLabels(pod.metadata.labels, selector) && !isAuthenticated(pod, scene.requestAuthentications),
        )
        .map((pod) => {
          const said = `The virtual service uses the JWT claim based routing (key: ${claim}) but found no request authentication for the gateway (${name}) pod (${pod.metadata.name}). The request authentication must first be applied for the gateway pods to validate the JWT token and make the claims available for routing.`;
          return { code: 'IST0149', level: 'Error' as const, object: sourceOf(object, ''), text: said };
        });
    });
  });
}

function claimOf({ spec }: KubeObject): string | undefined {
  return items(fields(spec).http)
    .flatMap((rule) => items(fields(rule).match).map(fields))
    .flatMap(({ headers, withoutHeaders }) => [...Object.keys(fields(headers)), ...Object.keys(fields(withoutHeaders))])
    .find((key) => /^@request\.auth\.claims(\..+|\[.+\])$/is.test(key));
}

function isAuthenticated(pod: KubeObject, authentications: readonly KubeObject[]): boolean {
  return authentications.some(
    (one) =>
      [namespaceOf(pod), 'istio-system'].includes(namespaceOf(one)) &&
      hasLabels(pod.metadata.labels, stringMap(fields(fields(one.spec).selector).matchLabels)),
  );
}
