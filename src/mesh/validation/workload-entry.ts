import { isIpAddress } from './addresses.ts';
import { type Fields, type Findings, fields, number, quoted, text } from './findings.ts';
import { validateLabels } from './labels.ts';
import { domainName, port, portName } from './names.ts';
import { UNIX, unixAddress } from './unix-addresses.ts';

export function validateWorkloadEntry(spec: Fields, findings: Findings): void {
  validateEndpoint(spec, { allowsNames: true }, findings);
}

/** `servicePorts`: names of the ports of the ServiceEntry that it is an endpoint of. */
export function validateEndpoint(
  spec: Fields,
  { allowsNames, servicePorts }: { allowsNames: boolean; servicePorts?: ReadonlySet<string> },
  findings: Findings,
): void {
  const [address, network] = [text(spec.address), text(spec.network)];
  const ports = Object.entries(fields(spec.ports));
  if (address === '') {
    if (network === '') {
      findings.error('address is required');
      return;
    }
    findings.warn(`address is unset with network ${quoted(network)}`);
  }
  const isUnix = address.startsWith(UNIX);
  if (isUnix) {
    findings.error(unixAddress(address.slice(UNIX.length)));
    if (ports.length > 0) findings.error(`unix endpoint ${address} must not include ports`);
  } else if (address !== '' && !isIpAddress(address)) {
    if (!allowsNames) findings.error(`endpoint address ${quoted(address)} is not a valid IP address`);
    else if (domainName(address) !== undefined) findings.error(addressProblem(address));
  }
  validateEndpointPorts(ports, servicePorts, findings);
  validateLabels(spec.labels, findings);
  if (isUnix && servicePorts && servicePorts.size !== 1)
    findings.error('exactly 1 service port required for unix endpoints');
}

export function validateEndpointPorts(
  ports: [string, unknown][],
  servicePorts: ReadonlySet<string> | undefined,
  findings: Findings,
): void {
  for (const [name, value] of ports) {
    if (servicePorts && !servicePorts.has(name))
      findings.error(`endpoint port ${number(value)} is not defined by the service entry`);
    findings.error(portName(name));
    findings.error(port(number(value)));
  }
}

export const addressProblem = (address: string): string =>
  `endpoint address ${quoted(address)} is not a valid FQDN or an IP address`;
