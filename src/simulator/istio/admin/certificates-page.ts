// /certs: the certificates that the proxy uses.
import { X509Certificate } from 'node:crypto';
import type { Json } from '../envoy-config/json.ts';
import type { WorkloadCertificate } from './workload-certificate.ts';

const DAY = 86_400_000;

export function certificatesPage(certificate: WorkloadCertificate | undefined, now: number): Json {
  if (!certificate) return {};
  const own = new X509Certificate(certificate.chain);
  const root = new X509Certificate(certificate.root);
  return {
    certificates: [
      {
        ca_cert: [describe(root, [], now)],
        cert_chain: [describe(own, [{ uri: certificate.identity }], now)],
      },
    ],
  };
}

function describe(certificate: X509Certificate, subject_alt_names: readonly Json[], now: number): Json {
  const text = (date: string) => new Date(date).toISOString().replace('.000', '');
  return {
    path: '<inline>',
    serial_number: certificate.serialNumber.toLowerCase(),
    subject_alt_names,
    days_until_expiration: String(Math.max(0, Math.floor((Date.parse(certificate.validTo) - now) / DAY))),
    valid_from: text(certificate.validFrom),
    expiration_time: text(certificate.validTo),
  };
}
