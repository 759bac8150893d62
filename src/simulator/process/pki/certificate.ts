// X.509 v3 certificates on P-256 keys (RFC 5280). Node reads and checks certificates but does not make them.
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bits, boolean, explicit, implicit, integer, octets, oid, sequence, set, time, utf8 } from './der.ts';

export interface CertificateRequest {
  commonName: string;
  organization?: string;
  use: 'ca' | 'server' | 'client';
  dnsNames?: string[];
  /** IPv4 only. */
  addresses?: string[];
  /** `spiffe://…`: what a workload is called in its certificate. */
  uris?: string[];
  notBefore: Date;
  notAfter: Date;
}

export interface CertifiedKey {
  /** PEM. */
  certificate: string;
  /** PEM, PKCS #8. */
  key: string;
  commonName: string;
  /** Part of its name, and so of the issuer's name in what it signs. */
  organization?: string;
}

/** Makes a key and its certificate, signed by `issuer`, or by itself without one. */
export function issueCertificate(request: CertificateRequest, issuer?: CertifiedKey): CertifiedKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuerKey = issuer ? createPublicKey(issuer.key) : publicKey;
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ecdsaWithSha256,
    name((issuer ?? request).commonName, (issuer ?? request).organization),
    sequence(time(request.notBefore), time(request.notAfter)),
    name(request.commonName, request.organization),
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions(request, publicKey, issuerKey))),
  );
  const signature = sign('sha256', body, issuer?.key ?? privateKey);
  return {
    certificate: pem('CERTIFICATE', sequence(body, ecdsaWithSha256, bits(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    commonName: request.commonName,
    ...(request.organization && { organization: request.organization }),
  };
}

/** A client's certificate for a key and a name of its own; PEM. `subject` is DER. */
export function certifyClient(
  { subject, key }: { subject: Buffer; key: KeyObject },
  validity: Pick<CertificateRequest, 'notBefore' | 'notAfter'>,
  issuer: CertifiedKey,
): string {
  const request: CertificateRequest = { commonName: '', use: 'client', ...validity };
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ecdsaWithSha256,
    name(issuer.commonName, issuer.organization),
    sequence(time(validity.notBefore), time(validity.notAfter)),
    subject,
    key.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions(request, key, createPublicKey(issuer.key)))),
  );
  return pem('CERTIFICATE', sequence(body, ecdsaWithSha256, bits(sign('sha256', body, issuer.key))));
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

function extensions(request: CertificateRequest, key: KeyObject, issuerKey: KeyObject): Buffer[] {
  const authority = request.use === 'ca';
  const list = [
    extension('2.5.29.19', true, authority ? sequence(boolean(true)) : sequence()),
    // Key usage bits: keyCertSign and cRLSign for a CA, digitalSignature for the rest.
    extension('2.5.29.15', true, authority ? bits(Buffer.from([0x06]), 1) : bits(Buffer.from([0x80]), 7)),
    extension('2.5.29.14', false, octets(keyIdentifier(key))),
    extension('2.5.29.35', false, sequence(implicit(0, keyIdentifier(issuerKey)))),
  ];
  if (!authority) {
    const purpose = request.use === 'server' ? '1.3.6.1.5.5.7.3.1' : '1.3.6.1.5.5.7.3.2';
    list.push(extension('2.5.29.37', false, sequence(oid(purpose))));
  }
  const names = [
    ...(request.dnsNames ?? []).map((n) => implicit(2, Buffer.from(n, 'ascii'))),
    ...(request.uris ?? []).map((uri) => implicit(6, Buffer.from(uri, 'ascii'))),
    ...(request.addresses ?? []).map((a) => implicit(7, Buffer.from(a.split('.').map(Number)))),
  ];
  if (names.length > 0) list.push(extension('2.5.29.17', false, sequence(...names)));
  return list;
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return critical ? sequence(oid(id), boolean(true), octets(value)) : sequence(oid(id), octets(value));
}

function name(commonName: string, organization?: string): Buffer {
  const part = (id: string, text: string) => set(sequence(oid(id), utf8(text)));
  return sequence(...(organization ? [part('2.5.4.10', organization)] : []), part('2.5.4.3', commonName));
}

/** RFC 5280 §4.2.1.2, method 1 over the whole SubjectPublicKeyInfo, which is as unique. */
function keyIdentifier(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}

function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
