import type { KubeObject } from '../objects.ts';
import { isIpAddress } from './addresses.ts';
import { validateDestinations } from './destinations.ts';
import { validateExportTo } from './export-to.ts';
import { type Fields, type Findings, fields, list, text, texts } from './findings.ts';
import { validateGatewayNames } from './gateway-names.ts';
import { isJwtClaim } from './header-operations.ts';
import { validateHttpRoute } from './http-route.ts';
import { validateTcpMatch, validateTlsMatch } from './l4-match.ts';
import { hostsOverlap, wildcardDomain } from './names.ts';
import { warnUnreachable } from './unreachable-rules.ts';

export function validateVirtualService(spec: Fields, findings: Findings, object: KubeObject): void {
  const hosts = texts(spec.hosts);
  const gateways = texts(spec.gateways);
  const onlyAtGateways = gateways.length > 0 && !gateways.includes('mesh');
  const [http = [], tcp = [], tls = []] = [spec.http, spec.tcp, spec.tls].map((rules) => list(rules).map(fields));
  if (hosts.length === 0) validateDelegate({ gateways, tcp, tls }, findings);
  validateGatewayNames(gateways, findings);
  if (!onlyAtGateways) validateClaims(http, gateways, findings);
  validateHosts(hosts, !onlyAtGateways, findings);
  if (http.length + tcp.length + tls.length === 0)
    findings.error('http, tcp or tls must be provided in virtual service');
  for (const route of http) validateHttpRoute(route, hosts.length === 0, findings);
  for (const route of tls) {
    if (list(route.match).length === 0) findings.error('TLS route must have at least one match condition');
    for (const match of list(route.match).map(fields)) validateTlsMatch(match, hosts, findings);
    if (list(route.route).length === 0) findings.error('TLS route is required');
    validateDestinations(list(route.route).map(fields), findings);
  }
  for (const route of tcp) {
    for (const match of list(route.match).map(fields)) validateTcpMatch(match, findings);
    if (list(route.route).length === 0) findings.error('TCP route is required');
    validateDestinations(list(route.route).map(fields), findings);
  }
  validateExportTo(spec.exportTo, object.metadata.namespace ?? '', 'plain', findings);
  for (const rules of [http, tcp, tls]) warnUnreachable(rules, findings);
}

/** One without hosts is for others to delegate to. */
function validateDelegate(
  { gateways, tcp, tls }: { gateways: string[]; tcp: Fields[]; tls: Fields[] },
  findings: Findings,
): void {
  if (gateways.length > 0) findings.error('delegate virtual service must have no gateways specified');
  if (tls.length > 0) findings.error('delegate virtual service must have no tls route specified');
  if (tcp.length > 0) findings.error('delegate virtual service must have no tcp route specified');
}

/** Sidecars do not know the claims of a token when they route. */
function validateClaims(http: Fields[], gateways: string[], findings: Findings): void {
  for (const match of http.flatMap((route) => list(route.match).map(fields)))
    for (const headers of [match.headers, match.withoutHeaders])
      for (const key of Object.keys(fields(headers)).filter(isJwtClaim))
        findings.error(
          `JWT claim based routing (key: ${key}) is only supported for gateway, found no gateways: [${gateways.join(' ')}]`,
        );
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
