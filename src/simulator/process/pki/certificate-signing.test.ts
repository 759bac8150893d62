import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createTestCluster } from '../../nodes/fixtures/test-cluster.ts';
import { issueCertificate } from './certificate.ts';
import { startCertificateSigning } from './certificate-signing.ts';

const REQUESTS = 'certificates.k8s.io/certificatesigningrequests';
// openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /O=equipo/CN=ana
const PEM = `-----BEGIN CERTIFICATE REQUEST-----
MIHZMIGBAgEAMB8xDzANBgNVBAoMBmVxdWlwbzEMMAoGA1UEAwwDYW5hMFkwEwYH
KoZIzj0CAQYIKoZIzj0DAQcDQgAE9K1Qu63xyZL2TpLPyMVH606UkqvKt5SkzMCV
IGuJis0i0TpiSLlDVBcG0F1wfzCIAyRn24XsawmLtPZzB5tSV6AAMAoGCCqGSM49
BAMCA0cAMEQCIBdZIJd/W7LISdJVtYM/9dc1a1hvH4A0VmETt9v4Y9SmAiAKQOyQ
ToNrdhHKl1Adi95IbNWvY+EqAVszDFZmsdyrjA==
-----END CERTIFICATE REQUEST-----`;

function cluster(signerName: string) {
  const { registry, clock } = createTestCluster();
  const dates = { notBefore: new Date(clock.now()), notAfter: new Date(clock.now() + 86_400_000) };
  const stop = startCertificateSigning(registry, clock, issueCertificate({ commonName: 'ca', use: 'ca', ...dates }));
  const asked = registry.create(REQUESTS, {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'ana' },
    spec: {
      request: Buffer.from(PEM).toString('base64'),
      signerName,
      usages: ['client auth'],
      expirationSeconds: 3600,
    },
  });
  const say = (...types: string[]) => {
    const conditions = types.map((type) => ({ type, status: 'True', reason: 'X', message: '' }));
    registry.update(
      REQUESTS,
      { ...asked, metadata: { name: 'ana' }, status: { conditions } },
      { subresource: 'status' },
    );
    clock.settle();
    const { certificate } = (registry.get(REQUESTS, undefined, 'ana')?.status ?? {}) as { certificate?: string };
    return certificate && new X509Certificate(Buffer.from(certificate, 'base64'));
  };
  return { clock, stop, say };
}

test('what is approved is signed, for as long as was asked', () => {
  const { clock, stop, say } = cluster('kubernetes.io/kube-apiserver-client');
  expect(say()).toBeUndefined();
  const signed = say('Approved');
  expect(signed).toMatchObject({ subject: 'O=equipo\nCN=ana', issuer: 'CN=ca' });
  const left = Date.parse((signed || undefined)?.validTo ?? '') - clock.now();
  expect(left).toBeGreaterThan(3_200_000);
  expect(left).toBeLessThan(3_600_000);
  stop();
});

test('what is denied, or for another signer, is not', () => {
  const denied = cluster('kubernetes.io/kube-apiserver-client');
  expect(denied.say('Approved', 'Denied')).toBeUndefined();
  denied.stop();
  const other = cluster('example.com/firma');
  expect(other.say('Approved')).toBeUndefined();
  other.stop();
});
