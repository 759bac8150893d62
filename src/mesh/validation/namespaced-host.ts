// `namespace/host` of a Gateway's server and of a Sidecar's egress.
import { isIpAddress } from './addresses.ts';
import { type Findings, quoted } from './findings.ts';
import { isLabel, partialWildcard, wildcardDomain } from './names.ts';

export function validateNamespacedHost(written: string, where: 'gateway' | 'sidecar', findings: Findings): void {
  const [namespace = '', name] = written.split(/\/(.*)/s);
  if (name === undefined) {
    if (where === 'gateway') validateHost(written, where, findings);
    else findings.error('host must be of form namespace/dnsName');
    return;
  }
  if (namespace === '' || name === '') findings.error('config namespace and dnsName in host entry cannot be empty');
  // A Sidecar may leave a namespace out with `~`.
  const named = where === 'sidecar' ? namespace.replace(/^~/, '') : namespace;
  const free = named === '*' || named === '.' || (where === 'sidecar' && named === '');
  if (!free && !isLabel(named)) findings.error(`invalid namespace value ${quoted(namespace)} in ${where}`);
  validateHost(name, where, findings);
}

function validateHost(host: string, where: 'gateway' | 'sidecar', findings: Findings): void {
  if (host !== '*' && !host.includes('.')) findings.error('short names (non FQDN) are not allowed');
  const problem = wildcardDomain(host);
  if (problem !== undefined) {
    if (where === 'sidecar') findings.error(problem);
    if (!isIpAddress(host)) findings.error(problem);
  }
  findings.error(partialWildcard(host));
}
