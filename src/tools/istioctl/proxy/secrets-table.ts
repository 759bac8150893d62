import { X509Certificate } from 'node:crypto';
import { fields, text } from '../../../mesh/read.ts';
import type { ConfigDump, Fields } from './config-dump.ts';

export const SECRET_HEADER = [
  'RESOURCE NAME',
  'TYPE',
  'STATUS',
  'VALID CERT',
  'SERIAL NUMBER',
  'NOT AFTER',
  'NOT BEFORE',
];

/** `now` in milliseconds: whether each certificate holds is judged by it. */
export function secretRows({ secrets }: ConfigDump, now: number): string[][] {
  return secrets.map(({ secret, state }) => {
    const chain = inline(fields(fields(secret.tls_certificate).certificate_chain));
    const root = inline(fields(fields(secret.validation_context).trusted_ca));
    const type = chain ? 'Cert Chain' : 'CA';
    const start = [String(secret.name), type, state];
    const certificate = readCertificate(chain ?? root);
    if (!certificate) return [...start, 'false', '', '', ''];
    const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
    const valid = from.getTime() <= now && now <= to.getTime();
    return [...start, String(valid), certificate.serialNumber.toLowerCase(), stamp(to), stamp(from)];
  });
}

function inline(source: Fields): string | undefined {
  const [bytes, string] = [text(source.inline_bytes), text(source.inline_string)];
  return bytes ? Buffer.from(bytes, 'base64').toString() : string;
}

function readCertificate(pem: string | undefined): X509Certificate | undefined {
  if (!pem) return undefined;
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

const stamp = (date: Date) => date.toISOString().replace(/\.\d+/, '');
