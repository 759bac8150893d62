// The trafficPolicy of a DestinationRule, of a subset or of one port.
import { isIpAddress } from './addresses.ts';
import { validateConnectionPool } from './connection-pool.ts';
import { durationProblem } from './durations.ts';
import { type Fields, type Findings, fields, list, number, optionalFields, text } from './findings.ts';
import { validateLoadBalancer } from './load-balancer.ts';
import { domainName, port } from './names.ts';

export function validateTrafficPolicy(policy: Fields | undefined, findings: Findings): void {
  if (!policy) return;
  if (Object.keys(policy).length === 0) {
    findings.error('traffic policy must have at least one field');
    return;
  }
  if (policy.tunnel !== undefined && policy.proxyProtocol !== undefined) {
    findings.error('tunnel and proxyProtocol must not be set together');
    return;
  }
  validateSettings(policy, findings);
  for (const settings of list(policy.portLevelSettings).map(fields)) {
    if (settings.port === undefined) findings.error('portTrafficPolicy must have valid port');
    const { port: _, ...rest } = settings;
    if (Object.keys(rest).length === 0) findings.error('port traffic policy must have at least one field');
    else validateSettings(rest, findings);
  }
  validateTunnel(optionalFields(policy.tunnel), findings);
}

function validateSettings(policy: Fields, findings: Findings): void {
  const outlier = optionalFields(policy.outlierDetection);
  validateOutlierDetection(outlier, findings);
  validateConnectionPool(optionalFields(policy.connectionPool), findings);
  validateLoadBalancer(optionalFields(policy.loadBalancer), outlier !== undefined, findings);
  validateClientTls(optionalFields(policy.tls), findings);
}

function validateOutlierDetection(outlier: Fields | undefined, findings: Findings): void {
  if (!outlier) return;
  findings.error(durationProblem(outlier.baseEjectionTime));
  if (number(outlier.consecutiveErrors) !== 0)
    findings.warn(
      'outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead',
    );
  if (outlier.splitExternalLocalOriginErrors !== true && number(outlier.consecutiveLocalOriginFailures) > 0)
    findings.error(
      'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false',
    );
  findings.error(durationProblem(outlier.interval));
  for (const field of ['maxEjectionPercent', 'minHealthPercent']) {
    const value = number(outlier[field]);
    if (value < 0 || value > 100) findings.error(`percentage ${value} is not in range 0..100`);
  }
}

/** Istio says nothing against certificates beside ISTIO_MUTUAL, since it came to ignore them. */
function validateClientTls(tls: Fields | undefined, findings: Findings): void {
  if (!tls) return;
  const set = (field: string) => text(tls[field]) !== '';
  const mode = text(tls.mode);
  if (tls.insecureSkipVerify === true) {
    const named = tls.subjectAltNames !== undefined;
    if (mode === 'SIMPLE' && (set('caCertificates') || set('credentialName') || named))
      findings.error(
        'cannot specify CaCertificates or CredentialName or SubjectAltNames when InsecureSkipVerify is set true',
      );
    if (mode === 'MUTUAL' && (set('caCertificates') || named))
      findings.error('cannot specify CaCertificates or SubjectAltNames when InsecureSkipVerify is set true');
  }
  if ((mode === 'SIMPLE' || mode === 'MUTUAL') && set('credentialName')) {
    if (['clientCertificate', 'caCertificates', 'privateKey', 'caCrl'].some(set))
      findings.error('cannot specify client certificates or CA certificate or CA CRL If credentialName is set');
    return;
  }
  if (mode !== 'MUTUAL') return;
  if (!set('clientCertificate')) findings.error('client certificate required for mutual tls');
  if (!set('privateKey')) findings.error('private key required for mutual tls');
}

function validateTunnel(tunnel: Fields | undefined, findings: Findings): void {
  if (!tunnel) return;
  const { protocol, targetHost, targetPort } = tunnel;
  if (!['', 'CONNECT', 'POST'].includes(text(protocol))) findings.error('tunnel protocol must be "CONNECT" or "POST"');
  const host = text(targetHost);
  const problem = domainName(host);
  if (problem !== undefined && !isIpAddress(host))
    findings.error(`tunnel target host must be valid FQDN or IP address: ${problem}; ${host} is not a valid IP`);
  const portProblem = port(number(targetPort));
  if (portProblem !== undefined) findings.error(`tunnel target port is invalid: ${portProblem}`);
}
