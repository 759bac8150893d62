// The greeting of a TLS client, read before it is answered: the name of the server that it wants, and the protocols it offers.

export type Greeting =
  | { kind: 'hello'; serverName: string | undefined; protocols: readonly string[] }
  /** More bytes must come before anything can be said. */
  | { kind: 'incomplete' }
  | { kind: 'not-tls' };

const HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const PROTOCOLS = 16;
const INCOMPLETE: Greeting = { kind: 'incomplete' };
const NOT_TLS: Greeting = { kind: 'not-tls' };

/** Never throws, whatever the bytes. RFC 8446 §4.1.2, RFC 6066 §3. */
export function readGreeting(bytes: Buffer): Greeting {
  if (bytes.length > 0 && bytes[0] !== HANDSHAKE) return NOT_TLS;
  if (bytes.length < 9) return INCOMPLETE;
  if (bytes[1] !== 3 || bytes[5] !== CLIENT_HELLO) return NOT_TLS;
  const hello = handshakeOf(bytes);
  if (!hello) return INCOMPLETE;
  const name = extensionIn(hello, SERVER_NAME);
  const protocols = extensionIn(hello, PROTOCOLS);
  return { kind: 'hello', serverName: name && nameIn(name), protocols: protocols ? protocolsIn(protocols) : [] };
}

/** The message's body, put together from as many records as it takes. */
function handshakeOf(bytes: Buffer): Buffer | undefined {
  const parts: Buffer[] = [];
  let [at, size] = [0, 0];
  while (at + 5 <= bytes.length && bytes[at] === HANDSHAKE) {
    const length = bytes.readUInt16BE(at + 3);
    const part = bytes.subarray(at + 5, at + 5 + length);
    parts.push(part);
    size += part.length;
    if (part.length < length) break;
    at += 5 + length;
  }
  const all = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts, size);
  if (all.length < 4) return undefined;
  const length = all.readUIntBE(1, 3);
  return all.length < 4 + length ? undefined : all.subarray(4, 4 + length);
}

/** From its length on. */
function extensionIn(hello: Buffer, wanted: number): Buffer | undefined {
  try {
    let at = 34;
    at += 1 + hello.readUInt8(at);
    at += 2 + hello.readUInt16BE(at);
    at += 1 + hello.readUInt8(at);
    const end = at + 2 + hello.readUInt16BE(at);
    for (at += 2; at + 4 <= end; at += 4 + hello.readUInt16BE(at + 2)) {
      if (hello.readUInt16BE(at) === wanted) return hello.subarray(at + 4, at + 4 + hello.readUInt16BE(at + 2));
    }
  } catch {
    // A length that points past the end: there is nothing to read.
  }
  return undefined;
}

function nameIn(extension: Buffer): string | undefined {
  if (extension.length < 5) return undefined;
  const length = extension.readUInt16BE(3);
  const name = extension
    .subarray(5, 5 + length)
    .toString('latin1')
    .toLowerCase();
  return /^[\w.-]{1,253}$/.test(name) ? name : undefined;
}

/** A list of names, each after its length (RFC 7301 §3.1). */
function protocolsIn(extension: Buffer): string[] {
  const names: string[] = [];
  for (let at = 2; at < extension.length; at += 1 + (extension[at] ?? 0)) {
    names.push(extension.subarray(at + 1, at + 1 + (extension[at] ?? 0)).toString('latin1'));
  }
  return names;
}
