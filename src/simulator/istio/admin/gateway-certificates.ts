// The certificates that a gateway has been given for its listeners, from the Secrets that they name.
import { fields, text } from '../../../mesh/read.ts';
import type { Registry } from '../../contract.ts';
import type { Json } from '../envoy-config/json.ts';

export interface GivenCertificate {
  /** `kubernetes://hola-tls`. */
  name: string;
  /** PEM. */
  chain: string;
}

/** Names without a Secret, or whose Secret has no certificate, are not among them. */
export function gatewayCertificates(
  listeners: readonly Json[],
  namespace: string,
  api: Pick<Registry, 'get'> | undefined,
): GivenCertificate[] {
  const names = new Set(JSON.stringify(listeners).match(/kubernetes:\/\/[^"]+/g) ?? []);
  return [...names].flatMap((name) => {
    const [secret = '', where = namespace] = name.slice('kubernetes://'.length).split('/').reverse();
    const data = fields(api?.get('secrets', where, secret)?.data);
    const encoded = text(data['tls.crt']) ?? text(data.cert);
    return encoded ? [{ name, chain: Buffer.from(encoded, 'base64').toString('utf8') }] : [];
  });
}
