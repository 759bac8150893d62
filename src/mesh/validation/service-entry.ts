import type { KubeObject } from '../objects.ts';
import { ipSubnet, isIpAddress } from './addresses.ts';
import { validateExportTo } from './export-to.ts';
import { type Fields, type Findings, fields, list, number, quoted, text, texts } from './findings.ts';
import { validateLabels } from './labels.ts';
import { domainName, partialWildcard, port, portName, wildcardDomain } from './names.ts';
import { isHttp, isTcp, isTls, protocolProblem } from './protocols.ts';
import { validateWorkloadLabels } from './selectors.ts';
import { addressProblem, validateEndpoint, validateEndpointPorts } from './workload-entry.ts';

export function validateServiceEntry(spec: Fields, findings: Findings, object: KubeObject): void {
  if (!validateWorkloadLabels(spec.workloadSelector, 'service entry', findings)) return;
  const entry = read(spec);
  if (spec.workloadSelector !== undefined && entry.endpoints.length > 0)
    findings.error('only one of WorkloadSelector or Endpoints is allowed in Service Entry');
  validateHosts(entry, findings);
  for (const address of entry.addresses) findings.error(ipSubnet(address));
  const ranges = entry.addresses.some((address) => address.includes('/'));
  if (ranges && entry.resolution !== 'NONE' && entry.resolution !== 'STATIC')
    findings.error('CIDR addresses are allowed only for NONE/STATIC resolution types');
  validatePorts(entry, object, findings);
  resolutions[entry.resolution]?.(entry, findings, object);
  const opaque = entry.ports.some(({ protocol }) => !isHttp(text(protocol)) && !isTls(text(protocol)));
  if (entry.resolution !== 'NONE' && entry.hosts.length > 1 && opaque)
    findings.error('multiple hosts provided with non-HTTP, non-TLS ports');
  validateExportTo(spec.exportTo, object.metadata.namespace ?? '', 'service entry', findings);
}

interface Entry {
  spec: Fields;
  hosts: string[];
  addresses: string[];
  ports: Fields[];
  endpoints: Fields[];
  resolution: string;
}

function read(spec: Fields): Entry {
  return {
    spec,
    hosts: texts(spec.hosts),
    addresses: texts(spec.addresses),
    ports: list(spec.ports).map(fields),
    endpoints: list(spec.endpoints).map(fields),
    resolution: text(spec.resolution) || 'NONE',
  };
}

function validateHosts({ hosts, resolution }: Entry, findings: Findings): void {
  if (hosts.length === 0) findings.error('service entry must have at least one host');
  for (const host of hosts) {
    if (host === '*') {
      findings.error(`invalid host ${host}`);
      continue;
    }
    findings.error(wildcardDomain(host));
    const partial = resolution === 'DYNAMIC_DNS' ? undefined : partialWildcard(host);
    if (partial !== undefined) findings.warn(partial);
  }
}

function validatePorts({ ports, addresses, resolution }: Entry, object: KubeObject, findings: Findings): void {
  const optedOut = object.metadata.labels?.['networking.istio.io/enable-autoallocate-ip']?.toLowerCase() === 'false';
  const allocated = resolution !== 'NONE' && !optedOut;
  const [names, numbers] = [new Set<string>(), new Set<number>()];
  for (const item of ports) {
    const [name, at, protocol, target] = [
      text(item.name),
      number(item.number),
      text(item.protocol),
      number(item.targetPort),
    ];
    if (names.has(name)) findings.error(`service entry port name ${quoted(name)} already defined`);
    if (numbers.has(at)) findings.error(`service entry port ${at} already defined`);
    names.add(name);
    numbers.add(at);
    if (target !== 0) findings.error(port(target));
    if (addresses.length === 0 && !allocated && (protocol === '' || protocol === 'TCP'))
      findings.warn(
        'addresses are required for ports serving TCP (or unset) protocol when IP Autoallocation is not enabled',
      );
    findings.error(portName(name));
    findings.error(protocolProblem(protocol));
    findings.error(port(at));
  }
}

type Resolution = (entry: Entry, findings: Findings, object: KubeObject) => void;

const resolutions: Record<string, Resolution> = {
  NONE({ spec, endpoints }, findings) {
    if (endpoints.length > 0) findings.error('no endpoints should be provided for resolution type none');
    if (spec.workloadSelector !== undefined)
      findings.warn('workloadSelector should not be set when resolution mode is NONE');
  },
  STATIC({ endpoints, ports }, findings) {
    const servicePorts = namesOf(ports);
    for (const endpoint of endpoints) validateEndpoint(endpoint, { allowsNames: false, servicePorts }, findings);
  },
  DNS: validateDns,
  DNS_ROUND_ROBIN: validateDns,
  DYNAMIC_DNS: validateDynamicDns,
};

const namesOf = (ports: Fields[]) => new Set(ports.map(({ name }) => text(name)));

function validateDns({ hosts, addresses, ports, endpoints, resolution }: Entry, findings: Findings): void {
  const unresolvable = endpoints.length === 0 ? hosts.map(domainName).find(Boolean) : undefined;
  if (unresolvable !== undefined)
    findings.error(
      `hosts must be FQDN or contain only prefix wildcards if no endpoints are provided for resolution mode ${resolution}, ${unresolvable}`,
    );
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1)
    findings.error(`there must only be 0 or 1 endpoint for resolution mode ${resolution}`);
  const servicePorts = namesOf(ports);
  for (const endpoint of endpoints) {
    const address = text(endpoint.address);
    if (!isIpAddress(address) && domainName(address) !== undefined) findings.error(addressProblem(address));
    validateLabels(endpoint.labels, findings);
    validateEndpointPorts(Object.entries(fields(endpoint.ports)), servicePorts, findings);
  }
  if (addresses.length > 0 && hosts.length > 1 && ports.some(({ protocol }) => isTcp(text(protocol))))
    findings.warn('service entry can not have more than one host specified simultaneously with address and tcp port');
}

function validateDynamicDns(entry: Entry, findings: Findings, object: KubeObject): void {
  const { hosts, addresses, ports, endpoints, spec } = entry;
  const resolution = 'DYNAMIC_DNS';
  if (hosts.length === 0)
    findings.error(`at least one wildcard host must be provided for resolution type ${resolution}`);
  for (const host of hosts)
    if (!host.startsWith('*')) findings.error(`host must be wildcarded for resolution mode ${resolution}`);
  // The missing spaces are Istio's own.
  if (addresses.length > 0)
    findings.error(
      `addresses cannot be set for resolution type ${resolution}. HTTP route domains will only be generatedfrom the hosts field values`,
    );
  if (endpoints.length > 0)
    findings.error(
      `endpoints cannot be set for resolution type ${resolution}. Destination IP address determined from hostsfield values`,
    );
  for (const { protocol } of ports)
    if (!['http', 'tls', 'grpc', 'http2'].includes(text(protocol).toLowerCase()))
      findings.error(`only HTTP, TLS, GRPC, and HTTP2 protocols are supported for resolution type ${resolution}`);
  const waypoint = object.metadata.labels?.['istio.io/use-waypoint'] ?? '';
  if (spec.location === 'MESH_INTERNAL' && waypoint !== '' && waypoint.toLowerCase() !== 'none')
    findings.error(`location MESH_INTERNAL with resolution type ${resolution} is not supported when using waypoints`);
}
