// Where a Gateway can be reached, and whether it can: the Services whose pods it configures.
import type { KubeObject } from '../objects.ts';
import { fields, items, stringMap, text } from '../read.ts';
import type { MeshService, ServiceIndex } from '../services.ts';
import type { ApiGateway } from './gateways.ts';

export interface Reach {
  /** `host:port` that have ready pods, in order. */
  internal: readonly string[];
  /** What a load balancer gave. */
  external: readonly string[];
  /** Hosts whose load balancer has given nothing yet. */
  pending: readonly string[];
  warnings: readonly string[];
  /** Nothing but time is needed. */
  usable: boolean;
}

export function reachOf(
  { namespace, services: hosts, listeners }: ApiGateway,
  services: ServiceIndex,
  objectOf: (service: MeshService) => KubeObject | undefined,
): Reach {
  const found = { internal: new Set<string>(), external: new Set<string>(), pending: new Set<string>() };
  const warnings: string[] = [];
  let usable = true;
  const ports = new Set(listeners.filter((l) => !l.withoutTls).map(({ port }) => port));
  for (const host of hosts) {
    const service = services.byHost(host);
    if (service?.namespace !== namespace) {
      usable = false;
      warnings.push(notHere(host, namespace, service));
      continue;
    }
    const object = objectOf(service);
    for (const port of ports) {
      const state = portState(service, port, services, object);
      if (state.warning) warnings.push(state.warning);
      if (state.fatal) usable = false;
      if (!state.reached) continue;
      found.internal.add(`${host}:${port}`);
      const external = externalAddresses(object);
      for (const address of external) found.external.add(address);
      if (external.length > 0 || service.type !== 'LoadBalancer') continue;
      if (!found.pending.has(host)) warnings.push(`address pending for hostname "${host}"`);
      found.pending.add(host);
    }
  }
  const sorted = (set: Set<string>) => [...set].sort();
  return {
    internal: sorted(found.internal),
    external: sorted(found.external),
    pending: sorted(found.pending),
    warnings: warnings.sort(),
    usable,
  };
}

function notHere(host: string, namespace: string, elsewhere: MeshService | undefined): string {
  if (!elsewhere) return `hostname "${host}" not found`;
  const found = `but it was found in namespace(s) "${elsewhere.namespace}"`;
  return `hostname "${host}" not found in namespace "${namespace}", ${found}`;
}

const MANAGED_LABEL = 'gateway.istio.io/managed';

function portState(
  service: MeshService,
  port: number,
  services: ServiceIndex,
  object: KubeObject | undefined,
): { reached?: true; fatal?: true; warning?: string } {
  if (services.endpoints(service, port).length > 0) return { reached: true };
  const { host, ports } = service;
  if (!ports.some((p) => services.endpoints(service, p.port).length > 0)) {
    return { warning: `no instances found for hostname "${host}"` };
  }
  const meant = ports.filter((p) => p.target === port && services.endpoints(service, p.port).length > 0);
  if (meant.length > 0) {
    const hint = `the service port should be specified, not the workload port. Did you mean one of these ports: [${meant.map((p) => p.port).join(' ')}]?`;
    return { fatal: true, warning: `port ${port} not found for hostname "${host}" (hint: ${hint})` };
  }
  const managed = stringMap(object?.metadata.labels).has(MANAGED_LABEL);
  if (managed && ports.some((p) => p.port === port)) return {};
  return { fatal: true, warning: `port ${port} not found for hostname "${host}"` };
}

function externalAddresses(object: KubeObject | undefined): string[] {
  const { ingress } = fields(fields(object?.status).loadBalancer);
  const given = items(ingress).flatMap((entry) => text(fields(entry).ip) ?? text(fields(entry).hostname) ?? []);
  const own = items(fields(object?.spec).externalIPs).flatMap((ip) => text(ip) ?? []);
  return [...given, ...own];
}

/** Of the Gateway's `status.addresses`, by what it is reached at now. */
export function addressesOf({ internal, external, pending }: Reach): { type: string; value: string }[] {
  const hosts = internal.map((address) => address.slice(0, address.lastIndexOf(':')));
  const told = external.length > 0 ? external : hosts.filter((host) => !pending.includes(host));
  return [...new Set(told)].map((value) => ({ type: isIp(value) ? 'IPAddress' : 'Hostname', value }));
}

function isIp(value: string): boolean {
  const parts = value.split('.');
  const v4 = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return v4 || value.includes(':');
}
