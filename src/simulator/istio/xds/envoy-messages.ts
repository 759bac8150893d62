// From the JSON form of Envoy's messages to their wire form, for those that istioctl compares with a proxy's own.
// The table of field numbers is made from Envoy's published message definitions.
import table from './generated/envoy-fields.json' with { type: 'json' };
import { encodeStruct, encodeTimestamp } from './struct.ts';
import { bytesField, doubleField, messageField, numberField, presentNumberField, stringField } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;
type FieldTable = Readonly<Record<string, readonly (string | number)[]>>;

const messages: Readonly<Record<string, FieldTable>> = table.messages;
const enums: Readonly<Record<string, Readonly<Record<string, number>>>> = table.enums;

/** An Any: `@type` says what it is. A field that the table does not know is left out. */
export function encodeTyped(message: Json): { typeUrl: string; value: Buffer } {
  const typeUrl = String(message['@type']);
  return { typeUrl, value: encodeMessage(typeUrl.slice(typeUrl.indexOf('/') + 1), message) };
}

function encodeMessage(type: string, message: Json): Buffer {
  const fields = Object.hasOwn(messages, type) ? messages[type] : undefined;
  if (!fields) return Buffer.alloc(0);
  const parts = Object.entries(message).flatMap(([name, value]) => {
    const [number, kind] = Object.hasOwn(fields, name) ? (fields[name] ?? []) : [];
    return typeof number === 'number' && typeof kind === 'string' ? encodeField(number, kind, value) : [];
  });
  return Buffer.concat(parts);
}

function encodeField(number: number, kind: string, value: unknown): Buffer[] {
  if (kind.startsWith('map ')) {
    const of = kind.slice('map '.length);
    return Object.entries(asObject(value)).map(([key, item]) =>
      messageField(number, Buffer.concat([stringField(1, key), ...encodeField(2, of, item)])),
    );
  }
  if (Array.isArray(value)) return value.flatMap((item) => encodeField(number, kind, item));
  switch (kind) {
    case 'string':
      return [bytesField(number, Buffer.from(String(value)))];
    case 'bytes':
      return [bytesField(number, Buffer.from(String(value), 'base64'))];
    case 'bool':
      return [presentNumberField(number, value === true ? 1 : 0)];
    case 'int':
      return [presentNumberField(number, BigInt(value as string | number))];
    case 'double':
      return [doubleField(number, Number(value))];
    default:
      return kind.startsWith('enum ')
        ? [presentNumberField(number, enumNumber(kind.slice('enum '.length), value))]
        : [messageField(number, encodeContent(kind, value))];
  }
}

function enumNumber(name: string, value: unknown): number {
  return typeof value === 'number' ? value : (enums[name]?.[String(value)] ?? 0);
}

/** A message field's content; those of google.protobuf have JSON forms of their own. */
function encodeContent(type: string, value: unknown): Buffer {
  switch (type) {
    case 'google.protobuf.Any': {
      const { typeUrl, value: content } = encodeTyped(asObject(value));
      return Buffer.concat([stringField(1, typeUrl), bytesField(2, content)]);
    }
    case 'google.protobuf.Struct':
      return encodeStruct(asObject(value));
    case 'google.protobuf.Duration':
      return duration(String(value));
    case 'google.protobuf.Timestamp':
      return encodeTimestamp(Date.parse(String(value)));
    case 'google.protobuf.BoolValue':
      return numberField(1, value === true ? 1 : 0);
    case 'google.protobuf.StringValue':
      return stringField(1, String(value));
    case 'google.protobuf.DoubleValue':
      return doubleField(1, Number(value));
    case 'google.protobuf.UInt32Value':
    case 'google.protobuf.UInt64Value':
    case 'google.protobuf.Int32Value':
    case 'google.protobuf.Int64Value':
      return numberField(1, BigInt(value as string | number));
    default:
      return encodeMessage(type, asObject(value));
  }
}

/** `0.250s`. */
function duration(text: string): Buffer {
  const [whole = '0', fraction = ''] = text.replace(/s$/, '').split('.');
  const nanos = Number(fraction.padEnd(9, '0'));
  return Buffer.concat([numberField(1, BigInt(whole)), numberField(2, nanos)]);
}

const asObject = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
