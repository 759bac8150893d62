// The wire format of protobuf, as far as reading messages of known shape needs it. Lengths come from a client: each is
// checked against what is there.

export class ProtobufError extends Error {}

/** A message's fields by number, each as often as it came. */
export interface Message {
  all(number: number): readonly Field[];
  /** The last one, which is the one that counts. */
  one(number: number): Field | undefined;
}

/** One field's value, read as its shape says. */
export interface Field {
  bytes(): Uint8Array;
  text(): string;
  /** Varints and fixed 64-bit integers. */
  integer(): bigint;
  double(): number;
  /** Throws ProtobufError. */
  message(): Message;
}

/** Throws ProtobufError when the bytes are no message. */
export function readMessage(bytes: Uint8Array): Message {
  const fields = new Map<number, Field[]>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  function varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new ProtobufError('message ends in the middle of a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError('number too long');
  }

  function take(length: number): Uint8Array {
    if (at + length > bytes.byteLength) throw new ProtobufError('message ends too soon');
    at += length;
    return bytes.subarray(at - length, at);
  }

  function value(type: number): Field {
    if (type === 0) return numberField(varint());
    if (type === 1) {
      const start = at;
      take(8);
      return { ...numberField(view.getBigUint64(start, true)), double: () => view.getFloat64(start, true) };
    }
    if (type === 2) return chunkField(take(Number(varint())));
    if (type === 5) return chunkField(take(4));
    throw new ProtobufError(`wire type ${type}`);
  }

  while (at < bytes.byteLength) {
    const tag = Number(varint());
    const number = Math.floor(tag / 8);
    const known = fields.get(number) ?? [];
    known.push(value(tag % 8));
    fields.set(number, known);
  }
  return { all: (number) => fields.get(number) ?? [], one: (number) => fields.get(number)?.at(-1) };
}

function numberField(value: bigint): Field {
  return {
    bytes: () => new Uint8Array(),
    text: () => '',
    integer: () => value,
    double: () => Number(value),
    message: () => readMessage(new Uint8Array()),
  };
}

function chunkField(chunk: Uint8Array): Field {
  return {
    bytes: () => chunk,
    text: () => new TextDecoder().decode(chunk),
    integer: () => 0n,
    double: () => 0,
    message: () => readMessage(chunk),
  };
}
