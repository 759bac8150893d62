import type { KubeObject } from '../../../mesh/objects.ts';
import { type Fields, type Findings, fields, list, number, optionalFields, quoted, text, texts } from './findings.ts';
import { isLabel, port, wildcardDomain } from './names.ts';

export function validateGateway(spec: Fields, findings: Findings, object: KubeObject): void {
  if (!isLabel(object.metadata.name)) findings.error(`invalid gateway name: ${quoted(object.metadata.name)}`);
  const servers = list(spec.servers).map(fields);
  if (servers.length === 0) findings.error('gateway must have at least one server');
  for (const server of servers) validateServer(server, findings);
  const names = new Set<string>();
  for (const server of servers) {
    if (server.port === undefined) continue;
    const { name, protocol } = fields(server.port);
    if (names.has(text(name))) findings.error(`port names in servers must be unique: duplicate name ${text(name)}`);
    names.add(text(name));
    if (!isHttp(text(protocol)) && fields(server.tls).httpsRedirect === true)
      findings.warn('tls.httpsRedirect should only be used with http servers');
  }
}

const httpProtocols = new Set(['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-WEB', 'GRPC-WEB']);
const tlsProtocols = new Set(['HTTPS', 'TLS']);
const otherProtocols = new Set(['TCP', 'UDP', 'MONGO', 'REDIS', 'MYSQL', 'HBONE', 'DOUBLE-HBONE']);

const isHttp = (protocol: string) => httpProtocols.has(protocol.toUpperCase());
const isTls = (protocol: string) => tlsProtocols.has(protocol.toUpperCase());

function validateServer(server: Fields, findings: Findings): void {
  const hosts = texts(server.hosts);
  if (hosts.length === 0) findings.error('server config must contain at least one host');
  for (const host of hosts) validateHost(host, findings);
  const portIsRight = validatePort(optionalFields(server.port), findings);
  const tls = optionalFields(server.tls);
  if (tls) validateTls(tls, findings);
  if (!portIsRight) return;
  const protocol = text(fields(server.port).protocol);
  if (isTls(protocol) && !tls) findings.error('server must have TLS settings for HTTPS/TLS protocols');
  if (isTls(protocol) || !tls) return;
  if (!isHttp(protocol)) findings.error('server cannot have TLS settings for non HTTPS/TLS ports');
  else if (!onlyRedirects(tls)) findings.error('server cannot have TLS settings for plain text HTTP ports');
}

function validateHost(host: string, findings: Findings): void {
  const [namespace = '', name] = host.split(/\/(.*)/s);
  if (name === undefined) {
    findings.error(wildcardDomain(host));
    return;
  }
  if (namespace === '' || name === '') findings.error('config namespace and dnsName in host entry cannot be empty');
  if (namespace !== '*' && namespace !== '.' && !isLabel(namespace))
    findings.error(`invalid namespace value ${quoted(namespace)} in gateway`);
  findings.error(wildcardDomain(name));
}

function validatePort(serverPort: Fields | undefined, findings: Findings): boolean {
  if (!serverPort) {
    findings.error('port is required');
    return false;
  }
  const protocol = text(serverPort.protocol);
  const known = isHttp(protocol) || isTls(protocol) || otherProtocols.has(protocol.toUpperCase());
  if (!known)
    findings.error(
      `invalid protocol ${quoted(protocol)}, supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP`,
    );
  const numberProblem = port(number(serverPort.number));
  findings.error(numberProblem);
  const targeted = number(serverPort.targetPort) > 0;
  if (targeted) findings.error('targetPort has no impact on Gateways');
  return known && numberProblem === undefined && !targeted;
}

const onlyRedirects = (tls: Fields) =>
  (tls.mode === undefined || tls.mode === 'PASSTHROUGH') &&
  ['caCertificates', 'privateKey', 'serverCertificate'].every((field) => text(tls[field]) === '');

function validateTls(tls: Fields, findings: Findings): void {
  const set = (field: string) => text(tls[field]) !== '' || list(tls[field]).length > 0;
  const mode = text(tls.mode);
  if (mode === 'ISTIO_MUTUAL') {
    for (const [field, words] of Object.entries(notWithIstioMutual))
      if (set(field)) findings.error(`ISTIO_MUTUAL TLS cannot have associated ${words}`);
    return;
  }
  if (mode !== 'SIMPLE' && mode !== 'MUTUAL' && mode !== 'OPTIONAL_MUTUAL') return;
  if (set('credentialName') || set('credentialNames')) return;
  const prefix = mode === 'SIMPLE' ? 'SIMPLE TLS' : 'MUTUAL TLS';
  if (mode !== 'SIMPLE' && !set('caCertificates')) findings.error(`${prefix} requires a client CA bundle`);
  const certificates = list(tls.tlsCertificates).map(fields);
  for (const certificate of certificates.length > 0 ? certificates : [tls]) {
    if (!text(certificate.serverCertificate)) findings.error(`${prefix} requires a server certificate`);
    if (!text(certificate.privateKey)) findings.error(`${prefix} requires a private key`);
  }
}

const notWithIstioMutual = {
  serverCertificate: 'server certificate',
  privateKey: 'private key',
  caCertificates: 'CA bundle',
  tlsCertificates: 'tlsCertificates',
  credentialName: 'credentialName',
  credentialNames: 'credentialNames',
};
