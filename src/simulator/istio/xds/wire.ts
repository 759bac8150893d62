// The protobuf wire format: only what the messages of xDS need (varints, length-delimited fields, nested messages).

export type Message = Buffer;

/** A field that holds its default is not written. */
export function stringField(number: number, value: string): Buffer {
  return value === '' ? NOTHING : bytesField(number, Buffer.from(value));
}

/** Written although it is empty: presence of a message means something. */
export function messageField(number: number, message: Message): Buffer {
  return bytesField(number, message);
}

export function bytesField(number: number, value: Uint8Array): Buffer {
  return Buffer.concat([tag(number, LENGTH_DELIMITED), varint(BigInt(value.length)), value]);
}

export function numberField(number: number, value: number | bigint): Buffer {
  const integer = BigInt(value);
  return integer === 0n ? NOTHING : Buffer.concat([tag(number, VARINT), varint(BigInt.asUintN(64, integer))]);
}

/** Written although it is zero: the field is one of several, and its being there says which. */
export function presentNumberField(number: number, value: number | bigint): Buffer {
  return Buffer.concat([tag(number, VARINT), varint(BigInt.asUintN(64, BigInt(value)))]);
}

export function doubleField(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([tag(number, FIXED_64), bytes]);
}

export interface Field {
  number: number;
  /** The content of a length-delimited field; empty for numbers. */
  bytes: Buffer;
  value: bigint;
}

/** Throws RangeError when the bytes are no message. */
export function readFields(message: Uint8Array): Field[] {
  const buffer = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
  const fields: Field[] = [];
  let at = 0;
  const next = (): bigint => {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = buffer[at];
      if (byte === undefined) throw new RangeError('truncated varint');
      at += 1;
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, result);
    }
    throw new RangeError('varint too long');
  };
  const take = (length: number): Buffer => {
    if (length > buffer.length - at) throw new RangeError('truncated field');
    at += length;
    return buffer.subarray(at - length, at);
  };
  while (at < buffer.length) {
    const key = Number(next());
    const number = key >>> 3;
    const kind = key & 7;
    if (kind === VARINT) fields.push({ number, bytes: NOTHING, value: next() });
    else if (kind === FIXED_64) fields.push({ number, bytes: take(8), value: 0n });
    else if (kind === LENGTH_DELIMITED) fields.push({ number, bytes: take(Number(next())), value: 0n });
    else if (kind === FIXED_32) fields.push({ number, bytes: take(4), value: 0n });
    else throw new RangeError(`wire type ${kind}`);
  }
  return fields;
}

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;
const NOTHING = Buffer.alloc(0);

const tag = (number: number, kind: number) => varint(BigInt((number << 3) | kind));

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
