// What a TCP or TLS rule of a VirtualService looks at.
import { ipSubnet, isIpAddress } from './addresses.ts';
import { type Fields, type Findings, number, quoted, texts } from './findings.ts';
import { validateGatewayNames } from './gateway-names.ts';
import { validateLabels } from './labels.ts';
import { port, wildcardDomain } from './names.ts';

export function validateTcpMatch(match: Fields, findings: Findings): void {
  for (const subnet of texts(match.destinationSubnets)) findings.error(ipSubnet(subnet));
  if (number(match.port) !== 0) findings.error(port(number(match.port)));
  validateLabels(match.sourceLabels, findings);
  validateGatewayNames(texts(match.gateways), findings);
}

/** `hosts`: those of the VirtualService. */
export function validateTlsMatch(match: Fields, hosts: string[], findings: Findings): void {
  const names = texts(match.sniHosts);
  if (names.length === 0) findings.error('TLS match must have at least one SNI host');
  for (const name of names) validateSniHost(name, hosts, findings);
  validateTcpMatch(match, findings);
}

function validateSniHost(name: string, hosts: string[], findings: Findings): void {
  const problem = wildcardDomain(name);
  if (problem !== undefined) {
    if (isIpAddress(name))
      findings.warn(`using an IP address (${quoted(name)}) goes against SNI spec and most clients do not support this`);
    else findings.error(problem);
    return;
  }
  if (!hosts.some((host) => isSubset(name, host)))
    findings.error(
      `SNI host ${quoted(name)} is not a compatible subset of any of the virtual service hosts: [${hosts.join(', ')}]`,
    );
}

function isSubset(name: string, host: string): boolean {
  if (!host.startsWith('*')) return name === host;
  if (name.startsWith('*') && name.length < host.length) return false;
  return name.replace(/^\*/, '').endsWith(host.slice(1));
}
