// What a gateway tells programs of the certificate that a client showed: x-forwarded-client-cert.
import type { PeerCertificate, TLSSocket } from 'node:tls';

const known = new WeakMap<TLSSocket, string>();

/** Undefined when the client showed none. */
export function forwardedCertificate(socket: TLSSocket): string | undefined {
  const before = known.get(socket);
  if (before !== undefined) return before || undefined;
  const text = describe(socket.getPeerCertificate());
  known.set(socket, text);
  return text || undefined;
}

function describe(certificate: PeerCertificate): string {
  if (!certificate.raw) return '';
  const hash = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  const names = certificate.subjectaltname?.split(', ') ?? [];
  const uris = names.filter((n) => n.startsWith('URI:')).map((n) => `URI=${n.slice(4)}`);
  const dns = names.filter((n) => n.startsWith('DNS:')).map((n) => `DNS=${n.slice(4)}`);
  const pem = `-----BEGIN CERTIFICATE-----\n${certificate.raw.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  return [
    `Hash=${hash}`,
    `Cert="${encodeURIComponent(pem)}"`,
    `Subject="${subjectOf(certificate)}"`,
    ...(uris.length > 0 ? uris : ['URI=']),
    ...dns,
  ].join(';');
}

/** RFC 2253: the most specific name first. */
function subjectOf({ subject }: PeerCertificate): string {
  return Object.entries(subject ?? {})
    .flatMap(([key, value]) => [value].flat().map((v) => `${key}=${String(v).replace(/[",\\\p{Cc}]/gu, '_')}`))
    .reverse()
    .join(',');
}
