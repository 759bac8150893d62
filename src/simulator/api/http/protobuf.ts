// Kubernetes' protobuf bodies, which Go clients send for built-in kinds (`kubectl create deployment`), as the JSON that they
// stand for. Reading only: every such client also takes JSON answers.
import { badRequest } from '../errors.ts';
import table from '../generated/protobuf.json' with { type: 'json' };

type Fields = Record<string, string>;
const messages: Record<string, Fields> = table.messages;
const kinds: Record<string, string> = table.kinds;

/** First bytes of every body: `k8s` and a zero. What follows is a runtime.Unknown: type, then the object's own bytes. */
const magic = Buffer.from('k8s\0');

/** Throws 400 for what cannot be read; undefined for a kind that is not in the table. */
export function parseProtobuf(bytes: Uint8Array): Record<string, unknown> | undefined {
  if (!magic.equals(bytes.subarray(0, 4))) throw broken('it does not begin with k8s');
  const { type, raw } = unwrap(bytes.subarray(4));
  const name = type.kind === 'DeleteOptions' ? 'DeleteOptions' : `${type.apiVersion}/${type.kind}`;
  const message = kinds[name];
  if (!message) return undefined;
  return { apiVersion: type.apiVersion, kind: type.kind, ...readMessage(raw, message, 0) };
}

function unwrap(bytes: Uint8Array): { type: { apiVersion: string; kind: string }; raw: Uint8Array } {
  const type = { apiVersion: '', kind: '' };
  let raw: Uint8Array = new Uint8Array();
  for (const [number, value] of fieldsOf(bytes)) {
    if (number === 1 && typeof value !== 'bigint') {
      for (const [part, text] of fieldsOf(value)) {
        if (part === 1 && typeof text !== 'bigint') type.apiVersion = utf8(text);
        if (part === 2 && typeof text !== 'bigint') type.kind = utf8(text);
      }
    }
    if (number === 2 && typeof value !== 'bigint') raw = value;
  }
  return { type, raw };
}

function readMessage(bytes: Uint8Array, message: string, depth: number): Record<string, unknown> {
  if (depth > 100) throw broken('it is too deep');
  const fields = messages[message] ?? {};
  const object: Record<string, unknown> = {};
  for (const [number, wire] of fieldsOf(bytes)) {
    const declared = fields[number];
    if (declared === undefined) continue;
    const [label = '', type = ''] = declared.split(/:(.*)/s, 2);
    const optional = label.endsWith('?');
    const name = optional ? label.slice(0, -1) : label;
    if (name === '') {
      Object.assign(object, readMessage(block(wire), type, depth + 1));
    } else if (type.startsWith('[]')) {
      object[name] = [...((object[name] as unknown[]) ?? []), readValue(wire, type.slice(2), depth)];
    } else if (type.startsWith('{}')) {
      const [key, value] = readEntry(block(wire), type.slice(2), depth);
      if (key === '__proto__') throw badRequest('the key "__proto__" is not allowed in an object');
      object[name] = { ...((object[name] as object) ?? {}), [key]: value };
    } else {
      const value = readValue(wire, type, depth);
      if (value !== null && !(optional && isZero(value))) object[name] = value;
    }
  }
  return object;
}

function readValue(wire: Wire, type: string, depth: number): unknown {
  if (type.startsWith('list ')) {
    return [...fieldsOf(block(wire))].map(([, item]) => readValue(item, type.slice(5), depth + 1));
  }
  if (type.startsWith('either ')) {
    const shapes = Object.values(readMessage(block(wire), type.slice(7), depth + 1));
    return shapes.find((shape) => typeof shape === 'object') ?? shapes[0] ?? null;
  }
  const read = scalars[type];
  return read ? read(wire) : readMessage(block(wire), type, depth + 1);
}

const scalars: Record<string, (wire: Wire) => unknown> = {
  string: (wire) => utf8(block(wire)),
  bytes: (wire) => Buffer.from(block(wire)).toString('base64'),
  bool: (wire) => number(wire) !== 0,
  int: number,
  double: (wire) => Buffer.from(block(wire)).readDoubleLE(),
  quantity: (wire) => firstText(block(wire), 1),
  json: (wire) => readJson(firstText(block(wire), 1)),
  time: (wire) => instant(block(wire), false),
  microTime: (wire) => instant(block(wire), true),
  duration: (wire) => `${numbers(block(wire))[1] / 1e9}s`,
  intOrString(wire) {
    const [kind, integer] = [numbers(block(wire))[1], numbers(block(wire))[2]];
    return kind === 1 ? firstText(block(wire), 3) : integer;
  },
};

function readEntry(bytes: Uint8Array, type: string, depth: number): [key: string, value: unknown] {
  let key = '';
  let value: unknown = type === 'string' || type === 'bytes' ? '' : undefined;
  for (const [part, wire] of fieldsOf(bytes)) {
    if (part === 1) key = utf8(block(wire));
    if (part === 2) value = readValue(wire, type, depth + 1);
  }
  return [key, value];
}

/** Varints as numbers; everything else as its bytes. */
type Wire = bigint | Uint8Array;

function* fieldsOf(bytes: Uint8Array): Generator<[number: number, wire: Wire]> {
  let at = 0;
  while (at < bytes.length) {
    const key = Number(varint());
    switch (key & 7) {
      case 0:
        yield [key >>> 3, varint()];
        break;
      case 1:
        yield [key >>> 3, take(8)];
        break;
      case 2:
        yield [key >>> 3, take(Number(varint()))];
        break;
      case 5:
        yield [key >>> 3, take(4)];
        break;
      default:
        throw broken(`it has the unknown wire type ${key & 7}`);
    }
  }

  function varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw broken('unexpected EOF');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw broken('integer overflow');
  }

  function take(length: number): Uint8Array {
    if (length < 0 || at + length > bytes.length) throw broken('unexpected EOF');
    const start = at;
    at += length;
    return bytes.subarray(start, at);
  }
}

function block(wire: Wire): Uint8Array {
  if (typeof wire === 'bigint') throw broken('a number stands where bytes should');
  return wire;
}

function number(wire: Wire): number {
  if (typeof wire !== 'bigint') throw broken('bytes stand where a number should');
  return Number(wire);
}

/** The first three varint fields of a message, zero when absent. */
function numbers(bytes: Uint8Array): Record<1 | 2 | 3, number> {
  const found = { 1: 0, 2: 0, 3: 0 };
  for (const [part, wire] of fieldsOf(bytes)) {
    if ((part === 1 || part === 2 || part === 3) && typeof wire === 'bigint') found[part] = Number(wire);
  }
  return found;
}

function firstText(bytes: Uint8Array, part: number): string {
  for (const [found, wire] of fieldsOf(bytes)) if (found === part) return utf8(block(wire));
  return '';
}

/** Null for Go's zero time, which is sent as an empty message. */
function instant(bytes: Uint8Array, micros: boolean): string | null {
  if (bytes.length === 0) return null;
  const { 1: seconds, 2: nanoseconds } = numbers(bytes);
  const base = new Date(seconds * 1000).toISOString().slice(0, 19);
  const digits = !micros ? '' : `.${String(Math.floor(nanoseconds / 1000)).padStart(6, '0')}`;
  return `${base}${digits}Z`;
}

function readJson(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw broken('it holds JSON that cannot be read');
  }
}

function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false;
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function broken(why: string) {
  return badRequest(`the protobuf body of the request cannot be read: ${why}`);
}
