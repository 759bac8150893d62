import type { KubeObject } from '../objects.ts';
import { validateConnectionPool } from './connection-pool.ts';
import { validateDestination } from './destinations.ts';
import { type Fields, type Findings, fields, list, number, optionalFields, text, texts } from './findings.ts';
import { domainName } from './names.ts';
import { validateNamespacedHost } from './namespaced-host.ts';
import { validateWorkloadLabels } from './selectors.ts';
import { validateIngress, validateListenerPort } from './sidecar-ingress.ts';

export function validateSidecar(spec: Fields, findings: Findings, object: KubeObject): void {
  if (!validateWorkloadLabels(spec.workloadSelector, 'sidecar', findings)) return;
  const [ingress, egress] = [list(spec.ingress).map(fields), list(spec.egress).map(fields)];
  const { outboundTrafficPolicy, inboundConnectionPool } = spec;
  if (
    ingress.length + egress.length === 0 &&
    outboundTrafficPolicy === undefined &&
    inboundConnectionPool === undefined
  ) {
    findings.error('sidecar: empty configuration provided');
    return;
  }
  validateIngress(ingress, findings);
  validateConnectionPool(optionalFields(inboundConnectionPool), findings);
  validateEgress(egress, object.metadata.namespace ?? '', findings);
  validateOutboundPolicy(optionalFields(outboundTrafficPolicy), findings);
}

function validateEgress(listeners: Fields[], namespace: string, findings: Findings): void {
  const [ports, sockets] = [new Set<number>(), new Set<string>()];
  let catchAll = false;
  for (const [index, listener] of listeners.entries()) {
    if (listener.port !== undefined) {
      validateEgressPort(listener, findings);
      const at = number(fields(listener.port).number);
      const bind = text(listener.bind);
      if (at === 0 && sockets.has(bind))
        findings.error('sidecar: unix domain socket values for listeners must be unique');
      if (at !== 0 && ports.has(at)) findings.error('sidecar: ports on IP bound listeners must be unique');
      if (at === 0) sockets.add(bind);
      else ports.add(at);
    } else if (catchAll) {
      findings.error('sidecar: egress can have only one listener with empty port');
      continue;
    } else if (index === listeners.length - 1) catchAll = true;
    else findings.error('sidecar: the egress listener with empty port should be the last listener in the list');
    validateEgressHosts(texts(listener.hosts), namespace, findings);
  }
}

function validateEgressPort(listener: Fields, findings: Findings): void {
  const listenerPort = fields(listener.port);
  if (number(listenerPort.targetPort) > 0) findings.error('targetPort has no impact on Sidecars');
  validateListenerPort(listenerPort, text(listener.bind), findings);
  const mode = text(listener.captureMode);
  if (number(listenerPort.number) === 0 && !['', 'DEFAULT', 'NONE'].includes(mode))
    findings.error('sidecar: captureMode must be DEFAULT/NONE for unix domain socket listeners');
}

function validateEgressHosts(hosts: string[], own: string, findings: Findings): void {
  if (hosts.length === 0) findings.error('sidecar: egress listener must contain at least one host');
  const byNamespace = new Map<string, Set<string>>();
  for (const host of hosts) {
    const [written = '', name] = host.split(/\/(.*)/s);
    if (name !== undefined && !written.startsWith('~')) {
      const namespace = written === '.' ? own : written;
      const names = byNamespace.get(namespace) ?? new Set<string>();
      byNamespace.set(namespace, names);
      if (name === '*' ? names.size > 0 : names.has(name) || names.has('*'))
        findings.warn(`duplicated egress host: ${host}`);
      names.add(name);
    }
    validateNamespacedHost(host, 'sidecar', findings);
  }
  if (byNamespace.get('*')?.has('*') && byNamespace.size !== 1)
    findings.warn('`*/*` host select all resources, no other hosts can be added');
}

function validateOutboundPolicy(policy: Fields | undefined, findings: Findings): void {
  const proxy = optionalFields(policy?.egressProxy);
  if (!policy || !proxy) return;
  if (policy.mode !== 'ALLOW_ANY') {
    findings.error('sidecar: egress_proxy must be set only with ALLOW_ANY outbound_traffic_policy mode');
    return;
  }
  findings.error(domainName(text(proxy.host)));
  if (proxy.port === undefined) findings.error('sidecar: egress_proxy port must be non-nil');
  else validateDestination(proxy, findings);
}
