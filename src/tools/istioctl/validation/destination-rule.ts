import { type Fields, type Findings, fields, list, number, optionalFields, text } from './findings.ts';
import { subsetName, wildcardDomain } from './names.ts';

export function validateDestinationRule(spec: Fields, findings: Findings): void {
  findings.error(wildcardDomain(text(spec.host)));
  validateTrafficPolicy(optionalFields(spec.trafficPolicy), findings);
  const seen = new Set<string>();
  for (const subset of list(spec.subsets).map(fields)) {
    const name = text(subset.name);
    if (seen.has(name)) findings.error(`duplicate subset names: ${name}`);
    seen.add(name);
    findings.error(subsetName(name));
    validateTrafficPolicy(optionalFields(subset.trafficPolicy), findings);
  }
  const selector = optionalFields(spec.workloadSelector);
  if (selector && Object.keys(fields(selector.matchLabels)).length === 0)
    findings.warn('workload selector specified without labels');
}

function validateTrafficPolicy(policy: Fields | undefined, findings: Findings): void {
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
}

function validateSettings(policy: Fields, findings: Findings): void {
  if (policy.outlierDetection !== undefined) validateOutlierDetection(fields(policy.outlierDetection), findings);
  if (policy.connectionPool !== undefined) validateConnectionPool(fields(policy.connectionPool), findings);
  if (policy.loadBalancer !== undefined) validateLoadBalancer(fields(policy.loadBalancer), findings);
  if (policy.tls !== undefined) validateClientTls(fields(policy.tls), findings);
}

function validateOutlierDetection(outlier: Fields, findings: Findings): void {
  if (number(outlier.consecutiveErrors) !== 0)
    findings.warn(
      'outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead',
    );
  if (outlier.splitExternalLocalOriginErrors !== true && number(outlier.consecutiveLocalOriginFailures) > 0)
    findings.error(
      'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false',
    );
  for (const field of ['maxEjectionPercent', 'minHealthPercent']) {
    const value = number(outlier[field]);
    if (value < 0 || value > 100) findings.error(`percentage ${value} is not in range 0..100`);
  }
}

const nonNegative: Record<'http' | 'tcp', Record<string, string>> = {
  http: {
    http1MaxPendingRequests: 'http1 max pending requests',
    http2MaxRequests: 'http2 max requests',
    maxRequestsPerConnection: 'max requests per connection',
    maxRetries: 'max retries',
    maxConcurrentStreams: 'max concurrent streams',
  },
  tcp: { maxConnections: 'max connections' },
};

function validateConnectionPool(pool: Fields, findings: Findings): void {
  if (pool.http === undefined && pool.tcp === undefined) {
    findings.error('connection pool must have at least one field');
    return;
  }
  for (const protocol of ['http', 'tcp'] as const)
    for (const [field, words] of Object.entries(nonNegative[protocol]))
      if (number(fields(pool[protocol])[field]) < 0) findings.error(`${words} must be non-negative`);
  const { h2UpgradePolicy, useClientProtocol } = fields(pool.http);
  if (h2UpgradePolicy === 'UPGRADE' && useClientProtocol === true)
    findings.error('use client protocol must not be true when H2UpgradePolicy is UPGRADE');
}

function validateLoadBalancer(balancer: Fields, findings: Findings): void {
  const { httpCookie, minimumRingSize, ringHash, maglev } = fields(balancer.consistentHash);
  if (httpCookie !== undefined && text(fields(httpCookie).name) === '') findings.error('name required for HttpCookie');
  if (number(minimumRingSize) !== 0) {
    findings.warn(
      "consistent hash MinimumRingSize is deprecated, use ConsistentHashLB's RingHash configuration instead",
    );
    if (ringHash !== undefined || maglev !== undefined)
      findings.error('only one of MinimumRingSize or Maglev/Ringhash can be specified');
  }
}

function validateClientTls(tls: Fields, findings: Findings): void {
  const set = (field: string) => text(tls[field]) !== '';
  if (tls.mode === 'ISTIO_MUTUAL') {
    for (const [field, words] of Object.entries(notWithIstioMutual))
      if (set(field)) findings.error(`ISTIO_MUTUAL TLS cannot have associated ${words}`);
  } else if (tls.mode === 'MUTUAL' && !set('credentialName')) {
    if (!set('clientCertificate')) findings.error('client certificate required for mutual tls');
    if (!set('privateKey')) findings.error('private key required for mutual tls');
  }
}

const notWithIstioMutual = {
  clientCertificate: 'client certificate',
  privateKey: 'private key',
  caCertificates: 'CA bundle',
  credentialName: 'credentialName',
};
