// Spans in OpenTelemetry's protocol over HTTP: JSON, or the same message in protobuf.
import type { Span, SpanTag } from '../../traffic.ts';
import { type Message, readMessage } from './protobuf-reader.ts';

const KINDS: Span['kind'][] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];

/** Throws SyntaxError when it is no JSON; spans without ids are dropped. */
export function readOtlpJson(body: string): Span[] {
  const request = JSON.parse(body) as Json;
  return list(request?.resourceSpans).flatMap((resource) => {
    const tags = attributesOf((resource.resource as Json)?.attributes);
    return list(resource.scopeSpans).flatMap((scope) => list(scope.spans).flatMap((span) => jsonSpan(span, tags)));
  });
}

/** Throws ProtobufError when it is no message. */
export function readOtlpProtobuf(body: Uint8Array): Span[] {
  return messages(readMessage(body), 1).flatMap((resourceSpans) => {
    const resource = messages(resourceSpans, 1).flatMap((r) => messages(r, 1).flatMap(readAttribute));
    const scopes = messages(resourceSpans, 2);
    return scopes.flatMap((scope) => messages(scope, 2).flatMap((span) => protobufSpan(span, resource)));
  });
}

function messages(message: Message, number: number): Message[] {
  return message.all(number).map((field) => field.message());
}

function jsonSpan(span: Json, resource: readonly SpanTag[]): Span[] {
  const { traceId, spanId, parentSpanId, name, kind, startTimeUnixNano, endTimeUnixNano, attributes, status } = span;
  return finished({
    traceId: String(traceId ?? ''),
    spanId: String(spanId ?? ''),
    parentSpanId: String(parentSpanId ?? ''),
    name: String(name ?? ''),
    kind:
      typeof kind === 'number'
        ? kind
        : ['', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].indexOf(String(kind).replace('SPAN_KIND_', '')),
    start: nanos(startTimeUnixNano),
    end: nanos(endTimeUnixNano),
    failed: (status as Json)?.code === 2 || (status as Json)?.code === 'STATUS_CODE_ERROR',
    tags: attributesOf(attributes),
    resource,
  });
}

function protobufSpan(span: Message, resource: readonly SpanTag[]): Span[] {
  const id = (number: number): string => Buffer.from(span.one(number)?.bytes() ?? []).toString('hex');
  return finished({
    traceId: id(1),
    spanId: id(2),
    parentSpanId: id(4),
    name: span.one(5)?.text() ?? '',
    kind: Number(span.one(6)?.integer() ?? 0n),
    start: span.one(7)?.integer() ?? 0n,
    end: span.one(8)?.integer() ?? 0n,
    failed: span.one(15)?.message().one(3)?.integer() === 2n,
    tags: messages(span, 9).flatMap(readAttribute),
    resource,
  });
}

interface RawSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  start: bigint;
  end: bigint;
  failed: boolean;
  tags: readonly SpanTag[];
  resource: readonly SpanTag[];
}

function finished({ traceId, spanId, parentSpanId, name, kind, start, end, failed, tags, resource }: RawSpan): Span[] {
  const ids = { trace: traceId.toLowerCase(), span: spanId.toLowerCase(), parent: parentSpanId.toLowerCase() };
  if (!/^[0-9a-f]{32}$/.test(ids.trace) || !/^[0-9a-f]{16}$/.test(ids.span)) return [];
  const service = resource.find((tag) => tag.key === 'service.name')?.value;
  return [
    {
      traceId: ids.trace,
      spanId: ids.span,
      ...(/^[0-9a-f]{16}$/.test(ids.parent) && { parentSpanId: ids.parent }),
      name,
      kind: KINDS[kind] ?? 'internal',
      service: service === undefined ? 'OTLPResourceNoServiceName' : String(service),
      start: Number(start / 1000n),
      duration: Math.max(0, Number((end - start) / 1000n)),
      tags: failed ? [...tags, { key: 'error', value: true }] : tags,
      processTags: resource.filter((tag) => tag.key !== 'service.name'),
    },
  ];
}

type Json = Record<string, unknown>;

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((item): item is Json => typeof item === 'object' && item !== null) : [];
}

function attributesOf(value: unknown): SpanTag[] {
  return list(value).flatMap(({ key, value: any }) => {
    const { stringValue, boolValue, intValue, doubleValue } = (any ?? {}) as Json;
    const plain = stringValue ?? boolValue ?? Number(intValue ?? doubleValue);
    return tag(key, plain);
  });
}

function readAttribute(attribute: Message): SpanTag[] {
  const any = attribute.one(2)?.message();
  const integer = any?.one(3)?.integer();
  const truth = any?.one(2)?.integer();
  const plain =
    any?.one(1)?.text() ??
    (truth === undefined ? undefined : truth !== 0n) ??
    (integer === undefined ? any?.one(4)?.double() : Number(BigInt.asIntN(64, integer)));
  return tag(attribute.one(1)?.text(), plain);
}

/** Lists and maps as values are not kept. */
function tag(key: unknown, value: unknown): SpanTag[] {
  if (typeof key !== 'string' || key === '') return [];
  if (typeof value === 'string' || typeof value === 'boolean') return [{ key, value }];
  return typeof value === 'number' && Number.isFinite(value) ? [{ key, value }] : [];
}

function nanos(value: unknown): bigint {
  return /^\d{1,20}$/.test(String(value)) ? BigInt(String(value)) : 0n;
}
