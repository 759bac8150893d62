import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { certifyClient, issueCertificate } from './certificate.ts';
import { readSigningRequest } from './signing-request.ts';

// openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /O=equipo/CN=ana
const PEM = `-----BEGIN CERTIFICATE REQUEST-----
MIHZMIGBAgEAMB8xDzANBgNVBAoMBmVxdWlwbzEMMAoGA1UEAwwDYW5hMFkwEwYH
KoZIzj0CAQYIKoZIzj0DAQcDQgAE9K1Qu63xyZL2TpLPyMVH606UkqvKt5SkzMCV
IGuJis0i0TpiSLlDVBcG0F1wfzCIAyRn24XsawmLtPZzB5tSV6AAMAoGCCqGSM49
BAMCA0cAMEQCIBdZIJd/W7LISdJVtYM/9dc1a1hvH4A0VmETt9v4Y9SmAiAKQOyQ
ToNrdhHKl1Adi95IbNWvY+EqAVszDFZmsdyrjA==
-----END CERTIFICATE REQUEST-----`;

test('a request tells who asks, and its certificate is for their key', () => {
  const request = readSigningRequest(PEM);
  expect(request).toMatchObject({ commonName: 'ana', organizations: ['equipo'] });
  if (!request) throw new Error('unread');
  const validity = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2027-01-01T00:00:00Z') };
  const ca = issueCertificate({ commonName: 'malla-ca', use: 'ca', ...validity });
  const certificate = new X509Certificate(certifyClient(request, validity, ca));
  expect(certificate.subject).toBe('O=equipo\nCN=ana');
  expect(certificate.checkIssued(new X509Certificate(ca.certificate))).toBe(true);
  expect(certificate.publicKey.equals(request.key)).toBe(true);
});

test.each([
  ['nothing', ''],
  ['no base64', '-----BEGIN CERTIFICATE REQUEST-----\n????\n-----END CERTIFICATE REQUEST-----'],
  ['a request that is cut', PEM.replace(/.{40}\n-----END/, '\n-----END')],
  ['one that another key signed', PEM.replace(/(.{10})\n-----END/, 'AAAAAAAAAA\n-----END')],
])('%s is none', (_what, pem) => {
  expect(readSigningRequest(pem)).toBeUndefined();
});
