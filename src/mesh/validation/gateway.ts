import type { KubeObject } from '../objects.ts';
import { ipAddress } from './addresses.ts';
import { type Fields, type Findings, fields, list, number, optionalFields, quoted, text, texts } from './findings.ts';
import { isLabel, port } from './names.ts';
import { validateNamespacedHost } from './namespaced-host.ts';
import { isHttp, isKnownProtocol, isTls } from './protocols.ts';
import { validateServerTls } from './server-tls.ts';
import { UNIX, unixAddress } from './unix-addresses.ts';

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

function validateServer(server: Fields, findings: Findings): void {
  const hosts = texts(server.hosts);
  if (hosts.length === 0) findings.error('server config must contain at least one host');
  for (const host of hosts) validateNamespacedHost(host, 'gateway', findings);
  const bind = text(server.bind);
  const portIsRight = validatePort(optionalFields(server.port), bind, findings);
  validateBind(bind, number(fields(server.port).number), findings);
  const tls = optionalFields(server.tls);
  validateServerTls(tls, findings);
  if (!portIsRight) return;
  const protocol = text(fields(server.port).protocol);
  if (isTls(protocol) && !tls) findings.error('server must have TLS settings for HTTPS/TLS protocols');
  if (isTls(protocol) || !tls) return;
  if (!isHttp(protocol)) findings.error('server cannot have TLS settings for non HTTPS/TLS ports');
  else if (!onlyRedirects(tls)) findings.error('server cannot have TLS settings for plain text HTTP ports');
}

function validatePort(serverPort: Fields | undefined, bind: string, findings: Findings): boolean {
  if (!serverPort) {
    findings.error('port is required');
    return false;
  }
  const protocol = text(serverPort.protocol);
  const known = isKnownProtocol(protocol);
  if (!known)
    findings.error(
      `invalid protocol ${quoted(protocol)}, supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP`,
    );
  const at = number(serverPort.number);
  const numberProblem = at > 0 || !bind.startsWith(UNIX) ? port(at) : undefined;
  findings.error(numberProblem);
  const targeted = number(serverPort.targetPort) > 0;
  if (targeted) findings.error('targetPort has no impact on Gateways');
  return known && numberProblem === undefined && !targeted;
}

function validateBind(bind: string, at: number, findings: Findings): void {
  if (bind.startsWith(UNIX)) {
    findings.error(unixAddress(bind.slice(UNIX.length)));
    if (at !== 0) findings.error(`port number must be 0 for unix domain socket: number:${at}`);
  } else if (bind !== '') findings.error(ipAddress(bind));
}

const onlyRedirects = (tls: Fields) =>
  [undefined, 'PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(tls.mode as string | undefined) &&
  ['caCertificates', 'privateKey', 'serverCertificate'].every((field) => text(tls[field]) === '');
