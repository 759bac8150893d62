// The mesh's certificate authority, kept in the secret istio-ca-secret as the real istiod keeps it.
import type { Clock, Registry } from '../contract.ts';
import { issueCertificate } from '../process/pki/certificate.ts';

/** The name of the mesh's authority. */
export const AUTHORITY = { commonName: 'istiod', organization: 'cluster.local' };

const TEN_YEARS = 3650 * 86_400_000;

export function meshAuthority(registry: Registry, clock: Clock, namespace: string): { certificate: string } {
  const secret = registry.get('secrets', namespace, 'istio-ca-secret');
  const known = secret ? decode(secret.data, 'ca-cert.pem') : undefined;
  if (known) return { certificate: known };
  const now = clock.now();
  const { certificate, key } = issueCertificate({
    ...AUTHORITY,
    use: 'ca',
    notBefore: new Date(now),
    notAfter: new Date(now + TEN_YEARS),
  });
  const data = {
    'ca-cert.pem': encode(certificate),
    'ca-key.pem': encode(key),
    'cert-chain.pem': '',
    'key.pem': '',
    'root-cert.pem': encode(certificate),
  };
  const metadata = { name: 'istio-ca-secret', namespace };
  registry.create(
    'secrets',
    { apiVersion: 'v1', kind: 'Secret', metadata, type: 'istio.io/ca-root', data },
    { fieldManager: 'pilot-discovery' },
  );
  return { certificate };
}

const encode = (text: string) => Buffer.from(text).toString('base64');

function decode(data: unknown, key: string): string | undefined {
  const value = (data as Record<string, string> | undefined)?.[key];
  return value ? Buffer.from(value, 'base64').toString() : undefined;
}
