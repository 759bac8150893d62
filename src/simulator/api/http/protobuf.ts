// Requests in Kubernetes' protobuf form, which kubectl's typed commands send (create namespace, create deployment…).
// Only reading: answers are always JSON, which those clients accept.
import { badRequest } from '../errors.ts';

type Fields = Record<string, [name: string, type: string]>;
type Messages = Record<string, Fields>;

/** Before every object: these bytes, then a runtime.Unknown that wraps it. */
const magic = [0x6b, 0x38, 0x73, 0x00];
const unknown = 'k8s.io.apimachinery.pkg.runtime.Unknown';

/** The object as the JSON form of the same request would be. Throws ApiError 400 for bytes that are no such object. */
export async function parseProtobuf(bytes: Uint8Array): Promise<unknown> {
  if (!magic.every((byte, i) => bytes[i] === byte))
    throw badRequest('provided data does not appear to be a protobuf message');
  const { default: tables } = await import('../generated/protobuf.json', { with: { type: 'json' } });
  const messages = tables as unknown as Messages;
  const reader = createReader(bytes.subarray(magic.length));
  const wrapper = readMessage(reader, unknown, messages) as {
    typeMeta?: { apiVersion?: string; kind?: string };
    raw?: string;
  };
  const { apiVersion = '', kind = '' } = wrapper.typeMeta ?? {};
  const name = messageName(apiVersion, kind, messages);
  if (!name) throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`);
  const object = readMessage(createReader(Buffer.from(wrapper.raw ?? '', 'base64')), name, messages);
  return { apiVersion, kind, ...(object as object) };
}

/** DeleteOptions and their like belong to meta/v1 whatever group the request names. */
function messageName(apiVersion: string, kind: string, messages: Messages): string | undefined {
  const [group = '', version = group] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  const short = group.split('.')[0];
  const candidates = [`k8s.io.api.${short}.${version}.${kind}`, `k8s.io.apimachinery.pkg.apis.meta.v1.${kind}`];
  return candidates.find((name) => messages[name]);
}

interface Reader {
  readonly done: boolean;
  varint(): bigint;
  take(length: number): Uint8Array;
}

function createReader(bytes: Uint8Array): Reader {
  let at = 0;
  return {
    get done() {
      return at >= bytes.length;
    },
    varint() {
      let value = 0n;
      for (let shift = 0n; shift < 70n; shift += 7n) {
        const byte = bytes[at++];
        if (byte === undefined) throw truncated();
        value |= BigInt(byte & 0x7f) << shift;
        if (byte < 0x80) return value;
      }
      throw truncated();
    },
    take(length) {
      if (length > bytes.length - at) throw truncated();
      at += length;
      return bytes.subarray(at - length, at);
    },
  };
}

function readMessage(reader: Reader, name: string, messages: Messages): unknown {
  const fields = messages[name] ?? {};
  const result: Record<string, unknown> = {};
  while (!reader.done) {
    const key = Number(reader.varint());
    const raw = readRaw(reader, key & 7);
    const field = fields[key >> 3];
    if (field) setField(result, field, raw, messages);
  }
  const convert = special[name];
  return convert ? convert(result) : result;
}

function readRaw(reader: Reader, wireType: number): bigint | Uint8Array {
  if (wireType === 0) return reader.varint();
  if (wireType === 1) return reader.take(8);
  if (wireType === 2) return reader.take(Number(reader.varint()));
  if (wireType === 5) return reader.take(4);
  throw badRequest(`proto: illegal wireType ${wireType}`);
}

function setField(
  result: Record<string, unknown>,
  [name, type]: [string, string],
  raw: bigint | Uint8Array,
  messages: Messages,
): void {
  if (type.startsWith('map:')) {
    const entry = readMessage(createReader(asBytes(raw)), '', {
      '': { 1: ['key', 'string'], 2: ['value', type.slice(4)] },
      ...messages,
    }) as {
      key?: string;
      value?: unknown;
    };
    const map = result[name] as Record<string, unknown> | undefined;
    result[name] = { ...map, [entry.key ?? '']: entry.value ?? '' };
    return;
  }
  const list = type.startsWith('[]');
  const value = readValue(raw, list ? type.slice(2) : type, messages);
  if (!list && isUnset(name, value)) return;
  if (name === '') Object.assign(result, value);
  else if (list) result[name] = [...((result[name] as unknown[] | undefined) ?? []), value];
  else result[name] = value;
}

function readValue(raw: bigint | Uint8Array, type: string, messages: Messages): unknown {
  switch (type) {
    case 'string':
      return new TextDecoder().decode(asBytes(raw));
    case 'bytes':
      return Buffer.from(asBytes(raw)).toString('base64');
    case 'bool':
      return raw !== 0n;
    case 'int32':
    case 'int64':
      return typeof raw === 'bigint' ? Number(BigInt.asIntN(64, raw)) : 0;
    case 'double':
      return Buffer.from(asBytes(raw)).readDoubleLE();
    default:
      return readMessage(createReader(asBytes(raw)), type, messages);
  }
}

/**
 * Clients write every field that is no pointer in Go, empty or not; in JSON the empty ones are left out, and defaults
 * depend on that. Numbers of which 0 says something are pointers in Go.
 */
function isUnset(name: string, value: unknown): boolean {
  return value === '' || value === null || (value === 0 && !zeroCounts.has(name));
}

const zeroCounts = new Set([
  'replicas',
  'parallelism',
  'completions',
  'backoffLimit',
  'minReplicas',
  'partition',
  'revisionHistoryLimit',
  'progressDeadlineSeconds',
  'successfulJobsHistoryLimit',
  'failedJobsHistoryLimit',
  'ttlSecondsAfterFinished',
  'activeDeadlineSeconds',
  'terminationGracePeriodSeconds',
  'gracePeriodSeconds',
  'tolerationSeconds',
  'runAsUser',
  'runAsGroup',
  'fsGroup',
  'maxUnavailable',
  'maxSurge',
  'minAvailable',
  'targetPort',
]);

/** Types whose JSON form is not an object of their fields. */
const special: Record<string, (fields: Record<string, unknown>) => unknown> = {
  'k8s.io.apimachinery.pkg.apis.meta.v1.Time': (t) => time(t)?.replace(/\.\d+Z$/, 'Z') ?? null,
  'k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime': (t) => time(t)?.replace('Z', '000Z') ?? null,
  'k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1': (f) => embedded(f.Raw),
  'k8s.io.apimachinery.pkg.runtime.RawExtension': (f) => embedded(f.raw),
  'k8s.io.apimachinery.pkg.api.resource.Quantity': (q) => q.string ?? '0',
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': (v) => (v.type === 1 ? (v.strVal ?? '') : (v.intVal ?? 0)),
};

function time({ seconds, nanos }: Record<string, unknown>): string | undefined {
  if (seconds === undefined) return undefined;
  return new Date(Number(seconds) * 1000 + Math.floor(Number(nanos ?? 0) / 1e6)).toISOString();
}

function embedded(base64: unknown): unknown {
  if (typeof base64 !== 'string') return null;
  try {
    return JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
  } catch {
    throw badRequest('the embedded object is not JSON');
  }
}

function asBytes(raw: bigint | Uint8Array): Uint8Array {
  if (typeof raw === 'bigint') throw badRequest('proto: wrong wireType for a field');
  return raw;
}

function truncated() {
  return badRequest('unexpected EOF');
}
