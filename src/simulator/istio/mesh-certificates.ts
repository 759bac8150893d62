// Certificates of the mesh: what istiod signs for itself and for each workload's proxy.
import type { Registry } from '../contract.ts';
import { type CertificateRequest, type CertifiedKey, issueCertificate } from '../process/pki/certificate.ts';
import { AUTHORITY } from './authority.ts';

const DAY = 86_400_000;
const TWO_MINUTES = 120_000;

/** The authority kept by istiod in its secret; undefined before istiod has made it. */
export function authorityOf(api: Pick<Registry, 'get'> | undefined, namespace: string): CertifiedKey | undefined {
  const data = api?.get('secrets', namespace, 'istio-ca-secret')?.data as Record<string, unknown> | undefined;
  const [certificate, key] = [decode(data?.['ca-cert.pem']), decode(data?.['ca-key.pem'])];
  return certificate && key ? { certificate, key, ...AUTHORITY } : undefined;
}

/** Istio's certificates hold for a day and start two minutes early, for clocks that are behind. */
export function issue(
  request: Pick<CertificateRequest, 'commonName' | 'use' | 'dnsNames' | 'uris'>,
  now: number,
  authority: CertifiedKey | undefined,
): CertifiedKey {
  const times = { notBefore: new Date(now - TWO_MINUTES), notAfter: new Date(now + DAY) };
  return issueCertificate({ ...request, ...times }, authority);
}

function decode(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? Buffer.from(value, 'base64').toString() : undefined;
}
