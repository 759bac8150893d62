// Services: their type, addresses and ports.
import { isMap } from '../patch-merge.ts';
import { checkPort } from './containers.ts';
import { checkLabels, complain } from './metadata.ts';
import { dnsLabel, dnsSubdomain, ipAddress } from './names.ts';
import { checkTarget } from './probes.ts';
import type { Problems } from './problems.ts';
import { list, oneOf } from './values.ts';

type Map = Record<string, unknown>;

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

export function checkService(spec: Map, problems: Problems): void {
  const type = String(spec.type ?? 'ClusterIP');
  const ports = list(spec.ports);
  const headless = spec.clusterIP === 'None';
  if (ports.length === 0 && type !== 'ExternalName' && !headless) problems.at('ports').required();
  if (type === 'ExternalName') checkExternalName(spec.externalName, problems.at('externalName'));
  if ((type === 'NodePort' || type === 'LoadBalancer') && headless)
    problems.at('clusterIPs', 0).invalid('None', `may not be set to 'None' for ${type} services`);
  checkPorts(ports, type, problems.at('ports'));
  checkLabels(spec.selector, problems.at('selector'));
  oneOf(spec.sessionAffinity, ['ClientIP', 'None'], problems.at('sessionAffinity'));
  checkAddress(spec, problems);
  if (!types.includes(type)) problems.at('type').notSupported(type, types);
  checkPolicies(spec, type, problems);
}

function checkExternalName(name: unknown, problems: Problems): void {
  const text = String(name ?? '').replace(/\.$/, '');
  if (text === '') problems.required();
  else complain(problems, name, dnsSubdomain(text));
}

function checkPorts(ports: Map[], type: string, problems: Problems): void {
  const names = new Set<unknown>();
  ports.forEach((port, i) => {
    const at = problems.at(i);
    if (!port.name) {
      if (ports.length > 1) at.at('name').required();
    } else {
      complain(at.at('name'), port.name, dnsLabel(String(port.name)));
      if (names.has(port.name)) at.at('name').duplicate(port.name);
      names.add(port.name);
    }
    if (typeof port.port === 'number' && (port.port < 1 || port.port > 65535)) checkPort(port.port, at.at('port'));
    else if (port.port === undefined) at.at('port').invalid(0, 'must be between 1 and 65535, inclusive');
    oneOf(port.protocol, ['SCTP', 'TCP', 'UDP'], at.at('protocol'));
    if (port.targetPort !== 0) checkTarget(port.targetPort, at.at('targetPort'));
    if (port.nodePort && type === 'ClusterIP')
      at.at('nodePort').forbidden("may not be used when `type` is 'ClusterIP'");
  });
  repeated(ports, problems);
}

function repeated(ports: Map[], problems: Problems): void {
  const seen = new Set<string>();
  ports.forEach((port, i) => {
    const key = `${port.protocol}/${port.port}`;
    // Only what makes it the same port is shown; the rest is empty, as Go prints it.
    if (seen.has(key))
      problems.at(i).duplicate({
        Name: '',
        Protocol: port.protocol,
        AppProtocol: null,
        Port: port.port,
        TargetPort: 0,
        NodePort: 0,
      });
    seen.add(key);
  });
}

function checkAddress(spec: Map, problems: Problems): void {
  const address = spec.clusterIP;
  if (typeof address !== 'string' || address === '' || address === 'None') return;
  complain(problems.at('clusterIPs', 0), address, ipAddress(address));
}

function checkPolicies(spec: Map, type: string, problems: Problems): void {
  const outside = type === 'NodePort' || type === 'LoadBalancer';
  const { externalTrafficPolicy: policy } = spec;
  const open = outside || (Array.isArray(spec.externalIPs) && spec.externalIPs.length > 0);
  if (policy && !open)
    problems.at('externalTrafficPolicy').invalid(policy, 'may only be set for externally-accessible services');
  else oneOf(policy, ['Cluster', 'Local'], problems.at('externalTrafficPolicy'));
  if (spec.loadBalancerClass && type !== 'LoadBalancer')
    problems.at('loadBalancerClass').forbidden("may only be used when `type` is 'LoadBalancer'");
  oneOf(spec.internalTrafficPolicy, ['Cluster', 'Local'], problems.at('internalTrafficPolicy'));
}

export function checkEndpoints(subsets: unknown, problems: Problems): void {
  list(subsets).forEach((subset, i) => {
    for (const field of ['addresses', 'notReadyAddresses']) {
      list(subset[field]).forEach(({ ip }, n) => {
        const at = problems.at('subsets', i, field, n, 'ip');
        const text = String(ip ?? '');
        const complaints = ipAddress(text);
        complain(at, text, complaints);
        if (complaints.length > 0) at.invalid(text, 'must be a valid IP address');
        else if (text.startsWith('127.')) at.invalid(text, 'may not be in the loopback range (127.0.0.0/8, ::1/128)');
      });
    }
  });
}

export function checkSlice(object: Map, before: Map | undefined, problems: Problems): void {
  const { addressType } = object;
  const supported = ['FQDN', 'IPv4', 'IPv6'];
  if (before && before.addressType !== addressType)
    problems.at('addressType').invalid(addressType, 'field is immutable');
  if (!addressType) problems.at('addressType').required();
  else if (!supported.includes(String(addressType))) problems.at('addressType').notSupported(addressType, supported);
  if (addressType !== 'IPv4') return;
  list(object.endpoints).forEach(({ addresses }, i) => {
    if (!Array.isArray(addresses)) return;
    addresses.forEach((address, n) => {
      complain(problems.at('endpoints', i, 'addresses', n), address, ipAddress(String(address)));
    });
  });
}

export function checkIngress(spec: Map, problems: Problems): void {
  const rules = list(spec.rules);
  if (rules.length === 0 && !isMap(spec.defaultBackend))
    problems.invalid(null, 'either `defaultBackend` or `rules` must be specified');
  rules.forEach((rule, i) => {
    const at = problems.at('rules', i);
    const host = String(rule.host ?? '');
    if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) at.at('host').invalid(host, 'must be a DNS name, not an IP address');
    else if (host !== '') complain(at.at('host'), host, dnsSubdomain(host.replace(/^\*\./, '')));
    const paths = isMap(rule.http) ? list(rule.http.paths) : [];
    paths.forEach(({ path, pathType }, n) => {
      const where = at.at('http', 'paths', n);
      const text = String(path ?? '');
      const absolute = text.startsWith('/');
      if (pathType === undefined) where.at('pathType').required('pathType must be specified');
      else if (pathType === 'Exact' || pathType === 'Prefix') {
        if (!absolute) where.at('path').invalid(text, 'must be an absolute path');
      } else if (pathType === 'ImplementationSpecific') {
        if (text !== '' && !absolute) where.at('path').invalid(text, 'must be an absolute path');
      } else where.at('pathType').notSupported(pathType, ['Exact', 'ImplementationSpecific', 'Prefix']);
    });
  });
}

export function checkNetworkPolicy(spec: Map, problems: Problems): void {
  for (const [field, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    list(spec[field]).forEach((rule, i) => {
      const at = problems.at(field, i);
      list(rule.ports).forEach(({ port }, n) => {
        checkTarget(port, at.at('ports', n, 'port'));
      });
      list(rule[peers]).forEach(({ ipBlock }, n) => {
        if (isMap(ipBlock)) checkRange(ipBlock.cidr, at.at(peers, n, 'ipBlock', 'cidr'));
      });
    });
  }
  const listed = Array.isArray(spec.policyTypes) ? spec.policyTypes : [];
  listed.forEach((type, i) => {
    if (type !== 'Ingress' && type !== 'Egress')
      problems.at('policyTypes', i).notSupported(type, ['Ingress', 'Egress']);
  });
}

function checkRange(cidr: unknown, problems: Problems): void {
  const [address = '', bits] = String(cidr ?? '').split('/');
  if (!cidr) problems.required();
  else if (
    ipAddress(address).length > 0 ||
    !/^\d{1,3}$/.test(bits ?? '') ||
    Number(bits) > (address.includes(':') ? 128 : 32)
  )
    problems.invalid(cidr, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');
}
