// The handful of ASN.1 DER forms that a certificate is made of (ITU-T X.690). Writing only.

export function sequence(...items: Uint8Array[]): Buffer {
  return tagged(0x30, ...items);
}

export function set(...items: Uint8Array[]): Buffer {
  return tagged(0x31, ...items);
}

/** Of bytes read as a non-negative number. */
export function integer(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((b) => b !== 0);
  const digits = start < 0 ? Buffer.from([0]) : bytes.subarray(start);
  return (digits[0] ?? 0) >= 0x80 ? tagged(0x02, Buffer.from([0]), digits) : tagged(0x02, digits);
}

export function boolean(value: boolean): Buffer {
  return tagged(0x01, Buffer.from([value ? 0xff : 0]));
}

export function octets(...bytes: Uint8Array[]): Buffer {
  return tagged(0x04, ...bytes);
}

export function bits(bytes: Uint8Array, unused = 0): Buffer {
  return tagged(0x03, Buffer.from([unused]), bytes);
}

export function utf8(text: string): Buffer {
  return tagged(0x0c, Buffer.from(text, 'utf8'));
}

/** Dotted: `2.5.4.3`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** RFC 5280 §4.1.2.5: UTCTime until 2049, GeneralizedTime from then on. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050 ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits));
}

/** A context-specific tag around whole values: `[n] EXPLICIT`. */
export function explicit(n: number, ...items: Uint8Array[]): Buffer {
  return tagged(0xa0 + n, ...items);
}

/** A context-specific tag instead of a string's own: `[n] IMPLICIT`. */
export function implicit(n: number, bytes: Uint8Array): Buffer {
  return tagged(0x80 + n, bytes);
}

function tagged(tag: number, ...items: Uint8Array[]): Buffer {
  const content = Buffer.concat(items);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(n: number): Buffer {
  if (n < 0x80) return Buffer.from([n]);
  const bytes: number[] = [];
  for (let rest = n; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return Buffer.from([0x80 + bytes.length, ...bytes]);
}

function base128(n: number): number[] {
  const digits = [n & 0x7f];
  for (let rest = n >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}
