import { validateDestinations } from './destinations.ts';
import { type Fields, type Findings, fields, list, text, texts } from './findings.ts';
import { validateGatewayNames, validateHttpRoute } from './http-route.ts';
import { hostsOverlap, isIpAddress, wildcardDomain } from './names.ts';
import { warnUnreachable } from './unreachable-rules.ts';

export function validateVirtualService(spec: Fields, findings: Findings): void {
  const hosts = texts(spec.hosts);
  const gateways = texts(spec.gateways);
  const appliesToMesh = gateways.length === 0 || gateways.includes('mesh');
  const isDelegate = hosts.length === 0;
  if (isDelegate && gateways.length > 0) findings.error('virtual service must have at least one host');
  validateGatewayNames(gateways, findings);
  validateHosts(hosts, appliesToMesh, findings);
  const [http, tcp, tls] = [list(spec.http), list(spec.tcp), list(spec.tls)].map((rules) => rules.map(fields));
  if (!http?.length && !tcp?.length && !tls?.length)
    findings.error('http, tcp or tls must be provided in virtual service');
  for (const route of http ?? []) validateHttpRoute(route, isDelegate, findings);
  for (const route of tls ?? []) {
    if (list(route.match).length === 0) findings.error('TLS route must have at least one match condition');
    if (list(route.route).length === 0) findings.error('TLS route is required');
    validateDestinations(list(route.route).map(fields), findings);
  }
  for (const route of tcp ?? []) {
    if (list(route.route).length === 0) findings.error('TCP route is required');
    validateDestinations(list(route.route).map(fields), findings);
  }
  warnUnreachable(http ?? [], findings);
  warnUnreachable(tcp ?? [], findings);
  warnUnreachable(tls ?? [], findings);
}

function validateHosts(hosts: string[], appliesToMesh: boolean, findings: Findings): void {
  let allValid = true;
  for (const host of hosts) {
    const problem = wildcardDomain(host);
    if (problem !== undefined && !isIpAddress(host)) {
      findings.error(problem);
      allValid = false;
    } else if (appliesToMesh && host === '*') {
      findings.error('wildcard host * is not allowed for virtual services bound to the mesh gateway');
      allValid = false;
    }
  }
  if (!allValid) return;
  hosts.forEach((a, index) => {
    for (const b of hosts.slice(index + 1))
      if (hostsOverlap(a, b)) findings.error(`duplicate hosts in virtual service: ${text(a)} & ${text(b)}`);
  });
}
