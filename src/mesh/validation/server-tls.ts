// TLS of a Gateway's server and of a Sidecar's ingress.
import { type Fields, type Findings, fields, list, text, texts } from './findings.ts';

export function validateServerTls(tls: Fields | undefined, findings: Findings): void {
  if (!tls) return;
  const set = (field: string) => text(tls[field]) !== '' || list(tls[field]).length > 0;
  const mode = text(tls.mode);
  warnCiphers(tls, findings);
  if (mode === 'ISTIO_MUTUAL') {
    for (const [field, words] of Object.entries(notWithIstioMutual))
      if (set(field)) findings.error(`ISTIO_MUTUAL TLS cannot have associated ${words}`);
    return;
  }
  const passes = mode === '' || mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH';
  if (passes && [...Object.keys(notWithIstioMutual), 'caCrl'].some(set))
    findings.warn(`${mode || 'PASSTHROUGH'} mode does not use certificates, they will be ignored`);
  const sources = [
    set('serverCertificate') && set('privateKey'),
    ...['credentialName', 'credentialNames', 'tlsCertificates'].map(set),
  ];
  if (sources.filter(Boolean).length > 1)
    findings.error(
      'only one of credential_name, credential_names, server_certificate/private_key, tls_certificates should be specified',
    );
  const terminates = ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'].includes(mode);
  if (terminates && (set('credentialName') || set('credentialNames'))) return;
  if (terminates) validateCertificates(tls, mode, findings);
  if (!set('caCrl')) return;
  if (set('credentialName'))
    findings.error('CRL is not supported with credentialName. CRL has to be specified in the credential');
  if (mode === 'SIMPLE') findings.error('CRL is not supported with SIMPLE TLS');
}

function validateCertificates(tls: Fields, mode: string, findings: Findings): void {
  const prefix = mode === 'SIMPLE' ? 'SIMPLE TLS' : 'MUTUAL TLS';
  if (mode !== 'SIMPLE' && text(tls.caCertificates) === '') findings.error(`${prefix} requires a client CA bundle`);
  const certificates = list(tls.tlsCertificates).map(fields);
  if (certificates.length > 2) findings.warn(`${prefix} can support up to 2 server certificates`);
  for (const certificate of certificates.length > 0 ? certificates : [tls]) {
    if (!text(certificate.serverCertificate)) findings.error(`${prefix} requires a server certificate`);
    if (!text(certificate.privateKey)) findings.error(`${prefix} requires a private key`);
  }
}

function warnCiphers(tls: Fields, findings: Findings): void {
  const suites = texts(tls.cipherSuites);
  const oldVersion = tls.minProtocolVersion === 'TLSV1_0' || tls.minProtocolVersion === 'TLSV1_1';
  if (oldVersion && suites.length === 0)
    findings.warn(
      'TLS version below TLSV1_2 require setting compatible ciphers as by default they no longer include compatible ciphers.',
    );
  const [valid, invalid, repeated] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const suite of suites) {
    if (!isCipher(suite)) invalid.add(suite);
    else if (valid.has(suite)) repeated.add(suite);
    else valid.add(suite);
  }
  if (invalid.size > 0) findings.warn(`ignoring invalid cipher suites: [${[...invalid].sort().join(' ')}]`);
  if (repeated.size > 0) findings.warn(`ignoring duplicate cipher suites: [${[...repeated].sort().join(' ')}]`);
}

/** Expressions with operators are left to the proxy. */
const isCipher = (suite: string) =>
  suite === '' || suite === 'ALL' || !/^[\p{L}\p{N}]/u.test(suite) || ciphers.has(suite);

const ciphers = new Set(
  (
    'ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384 ' +
    'ECDHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305 ECDHE-ECDSA-AES128-SHA ' +
    'ECDHE-RSA-AES128-SHA ECDHE-ECDSA-AES256-SHA ECDHE-RSA-AES256-SHA AES128-GCM-SHA256 AES256-GCM-SHA384 ' +
    'AES128-SHA AES256-SHA DES-CBC3-SHA'
  ).split(' '),
);

const notWithIstioMutual = {
  serverCertificate: 'server certificate',
  privateKey: 'private key',
  caCertificates: 'CA bundle',
  tlsCertificates: 'tlsCertificates',
  credentialName: 'credentialName',
  credentialNames: 'credentialNames',
};
