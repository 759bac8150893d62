// PKCS #10 (RFC 2986): who asks for a certificate, with which key, and that the key is theirs.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';

export interface SigningRequest {
  /** DER of the whole name, as it goes into the certificate. */
  subject: Buffer;
  key: KeyObject;
  commonName: string;
  organizations: string[];
}

/** Undefined for what is no request, or is not signed by its own key. */
export function readSigningRequest(pem: string): SigningRequest | undefined {
  const body = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([\s\S]+?)-----END/.exec(pem)?.[1];
  if (body === undefined) return undefined;
  try {
    return read(Buffer.from(body, 'base64'));
  } catch {
    return undefined;
  }
}

function read(der: Buffer): SigningRequest | undefined {
  const [info, , signature] = children(element(der, 0));
  if (!info || !signature) return undefined;
  const [, subject, spki] = children(info);
  if (!subject || !spki) return undefined;
  const key = createPublicKey({ key: spki.whole, format: 'der', type: 'spki' });
  // The first byte of a bit string says how many bits of its last byte are none.
  const signed = verify('sha256', info.whole, key, signature.content.subarray(1));
  if (!signed) return undefined;
  const names = children(subject).flatMap((each) => children(each).map(attribute));
  const all = (id: string) => names.filter(([oid]) => oid === id).map(([, value]) => value);
  return { subject: subject.whole, key, commonName: all('550403')[0] ?? '', organizations: all('55040a') };
}

/** Of a name: its identifier in hexadecimal, and its text. */
function attribute(part: Element): [oid: string, value: string] {
  const [oid, value] = children(part);
  return [oid?.content.toString('hex') ?? '', value?.content.toString('utf8') ?? ''];
}

interface Element {
  whole: Buffer;
  content: Buffer;
}

function children({ content }: Element): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < content.length; ) {
    const next = element(content, at);
    found.push(next);
    at += next.whole.length;
  }
  return found;
}

/** Throws for what does not fit where it is. */
function element(bytes: Buffer, at: number): Element {
  const first = bytes.readUInt8(at + 1);
  const more = first & 0x80 ? first & 0x7f : 0;
  const length = more === 0 ? first : bytes.readUIntBE(at + 2, more);
  const start = at + 2 + more;
  if (start + length > bytes.length) throw new RangeError('an element that is cut');
  return { whole: bytes.subarray(at, start + length), content: bytes.subarray(start, start + length) };
}
