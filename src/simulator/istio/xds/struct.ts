// google.protobuf.Struct and Timestamp from plain values.
import { bytesField, doubleField, messageField, numberField, stringField } from './wire.ts';

/** Undefined members are left out. */
export function encodeStruct(fields: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.concat(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) =>
        messageField(1, Buffer.concat([stringField(1, key), messageField(2, encodeValue(value))])),
      ),
  );
}

export function encodeTimestamp(milliseconds: number): Buffer {
  const seconds = Math.floor(milliseconds / 1000);
  return Buffer.concat([numberField(1, seconds), numberField(2, Math.round((milliseconds - seconds * 1000) * 1e6))]);
}

function encodeValue(value: unknown): Buffer {
  if (typeof value === 'number') return doubleField(2, value);
  if (typeof value === 'string') return bytesField(3, Buffer.from(value));
  // A oneof member is written even when it is false.
  if (typeof value === 'boolean') return Buffer.from([4 << 3, value ? 1 : 0]);
  if (Array.isArray(value))
    return messageField(6, Buffer.concat(value.map((item) => messageField(1, encodeValue(item)))));
  if (typeof value === 'object' && value !== null)
    return messageField(5, encodeStruct(value as Record<string, unknown>));
  return Buffer.from([1 << 3, 0]);
}
