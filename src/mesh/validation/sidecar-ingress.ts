// The ports on which a Sidecar takes requests in.
import { ipAddress } from './addresses.ts';
import { validateConnectionPool } from './connection-pool.ts';
import { type Fields, type Findings, fields, list, number, optionalFields, quoted, text } from './findings.ts';
import { port, portName } from './names.ts';
import { isHttp, isTls, protocolProblem } from './protocols.ts';
import { validateServerTls } from './server-tls.ts';
import { UNIX, unixAddress } from './unix-addresses.ts';

export function validateIngress(listeners: Fields[], findings: Findings): void {
  const seen = new Set<number>();
  for (const listener of listeners) {
    if (listener.port === undefined) {
      findings.error('sidecar: port is required for ingress listeners');
      continue;
    }
    const listenerPort = fields(listener.port);
    const at = number(listenerPort.number);
    if (number(listenerPort.targetPort) > 0) findings.error('targetPort has no impact on Sidecars');
    validatePort(listenerPort, findings);
    if (text(listener.bind) !== '') findings.error(ipAddress(text(listener.bind)));
    if (seen.has(at)) findings.error('sidecar: ports on IP bound listeners must be unique');
    seen.add(at);
    validateEndpoint(text(listener.defaultEndpoint), findings);
    validateTls(optionalFields(listener.tls), text(listenerPort.protocol), findings);
    const pool = optionalFields(listener.connectionPool);
    validateConnectionPool(pool, findings);
    const protocol = text(listenerPort.protocol);
    if (pool?.http !== undefined && !isHttp(protocol))
      findings.warn(
        `sidecar: HTTP connection pool settings are configured for port ${at} (${quoted(text(listenerPort.name))}) but its protocol is not HTTP (${protocol}); only TCP settings will apply`,
      );
  }
}

/** Of an egress listener: port 0 means a Unix socket. */
export function validateListenerPort(listenerPort: Fields, bind: string, findings: Findings): void {
  if (number(listenerPort.number) !== 0) {
    validatePort(listenerPort, findings);
    if (bind !== '') findings.error(ipAddress(bind));
    return;
  }
  if (text(listenerPort.name) !== '') findings.error(portName(text(listenerPort.name)));
  findings.error(protocolProblem(text(listenerPort.protocol)));
  findings.error(
    bind.startsWith(UNIX)
      ? unixAddress(bind.slice(UNIX.length))
      : 'sidecar: ports with 0 value must have a unix domain socket bind address',
  );
}

function validatePort(listenerPort: Fields, findings: Findings): void {
  if (text(listenerPort.name) !== '') findings.error(portName(text(listenerPort.name)));
  findings.error(protocolProblem(text(listenerPort.protocol)));
  findings.error(port(number(listenerPort.number)));
}

const loopback = new Set(['', '127.0.0.1', '0.0.0.0', '::1', '::']);

function validateEndpoint(endpoint: string, findings: Findings): void {
  if (endpoint === '') return;
  if (endpoint.startsWith(UNIX)) {
    findings.error(unixAddress(endpoint.slice(UNIX.length)));
    return;
  }
  const [, bracketed, plain, digits = ''] = /^(?:\[([^\]]*)\]|([^:]*)):([^:]*)$/.exec(endpoint) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) {
    const why = endpoint.includes(':') ? 'too many colons in address' : 'missing port in address';
    findings.error(`address ${endpoint}: ${why}`);
  } else if (!loopback.has(host))
    findings.error(
      'sidecar: defaultEndpoint must be of form 127.0.0.1:<port>,0.0.0.0:<port>,[::1]:port,[::]:port,unix://filepath or unset',
    );
  if (/^[-+]?\d+$/.test(digits)) findings.error(port(Number(digits)));
  else
    findings.error(
      `sidecar: defaultEndpoint port (${digits}) is not a number: strconv.Atoi: parsing ${quoted(digits)}: invalid syntax`,
    );
}

function validateTls(tls: Fields | undefined, protocol: string, findings: Findings): void {
  if (!tls) return;
  const mode = text(tls.mode);
  if (list(tls.subjectAltNames).length > 0) findings.error('sidecar: subjectAltNames is not supported in ingress tls');
  if (tls.httpsRedirect === true) findings.error('sidecar: httpsRedirect is not supported');
  if (text(tls.credentialName) !== '') findings.error('sidecar: credentialName is not currently supported');
  if (list(tls.credentialNames).length > 0) findings.error('sidecar: credentialNames is not currently supported');
  if (list(tls.tlsCertificates).length > 0) findings.error('sidecar: tls_certificates is not currently supported');
  if (mode === 'ISTIO_MUTUAL' || mode === 'AUTO_PASSTHROUGH')
    findings.error(`configuration is invalid: cannot set mode to ${mode} in sidecar ingress tls`);
  if (!isTls(protocol)) findings.error('server cannot have TLS settings for non HTTPS/TLS ports');
  validateServerTls(tls, findings);
}
