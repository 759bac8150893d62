// CertificateSigningRequests: a request that is one, a signer with a domain, a duration worth having.
import type { Problems } from './problems.ts';

type Map = Record<string, unknown>;

export function checkSigningRequest({ request, signerName, usages, expirationSeconds }: Map, problems: Problems): void {
  const pem = typeof request === 'string' ? Buffer.from(request, 'base64').toString() : '';
  if (!/-----BEGIN CERTIFICATE REQUEST-----[\s\S]+-----END CERTIFICATE REQUEST-----/.test(pem))
    problems.at('request').invalid(request ?? null, 'PEM block type must be CERTIFICATE REQUEST');
  if (!Array.isArray(usages) || usages.length === 0) problems.at('usages').required('');
  if (!signerName) problems.at('signerName').required('');
  else if (!/^[^/]+\/.+$/.test(String(signerName))) {
    const form = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    problems.at('signerName').invalid(signerName, form);
  }
  if (typeof expirationSeconds === 'number' && expirationSeconds < 600)
    problems
      .at('expirationSeconds')
      .invalid(expirationSeconds, 'may not specify a duration less than 600 seconds (10 minutes)');
}
