import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { issueCertificate } from './certificate.ts';

const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2051-06-01T00:00:00Z') };
const ca = issueCertificate({ commonName: 'malla-ca', use: 'ca', ...validity });
const server = issueCertificate(
  {
    commonName: 'servidor',
    organization: 'malla',
    use: 'server',
    dnsNames: ['localhost'],
    addresses: ['127.0.0.1'],
    ...validity,
  },
  ca,
);

test('a certificate is signed by its CA and by nobody else', () => {
  const other = issueCertificate({ commonName: 'malla-ca', use: 'ca', ...validity });
  const leaf = new X509Certificate(server.certificate);
  expect(leaf.verify(new X509Certificate(ca.certificate).publicKey)).toBe(true);
  expect(leaf.verify(new X509Certificate(other.certificate).publicKey)).toBe(false);
  expect(leaf.checkIssued(new X509Certificate(ca.certificate))).toBe(true);
});

test('it carries its names, purpose and validity, on both sides of 2050', () => {
  const leaf = new X509Certificate(server.certificate);
  expect(leaf.subject).toBe('O=malla\nCN=servidor');
  expect(leaf.issuer).toBe('CN=malla-ca');
  expect(leaf.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
  expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(leaf.checkHost('example.com')).toBeUndefined();
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect([leaf.validFromDate, leaf.validToDate]).toEqual([validity.notBefore, validity.notAfter]);
  expect([leaf.ca, new X509Certificate(ca.certificate).ca]).toEqual([false, true]);
});

test('the key that comes with it is its key', () => {
  expect(new X509Certificate(server.certificate).checkPrivateKey(createPrivateKey(server.key))).toBe(true);
  expect(new X509Certificate(server.certificate).checkPrivateKey(createPrivateKey(ca.key))).toBe(false);
});
