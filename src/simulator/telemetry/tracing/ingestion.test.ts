import { describe, expect, test } from 'vitest';
import { answerQuery } from './jaeger-api.ts';
import { readOtlpJson, readOtlpProtobuf } from './otlp.ts';
import { ProtobufError } from './protobuf-reader.ts';
import { createSpanStore } from './span-store.ts';
import { readContext } from './trace-context.ts';
import { readZipkin } from './zipkin.ts';

const traceId = '5b8aa5a2d2c872e8321cf37308d69df2';
const spanId = '051581bf3cb55c13';

describe('spans come in', () => {
  const expected = {
    traceId,
    spanId,
    parentSpanId: '5fb397be34d26b51',
    name: 'pedido',
    kind: 'server',
    service: 'tienda',
    start: 1_700_000_000_000_000,
    duration: 2_500,
  };

  test('in OTLP JSON', () => {
    const body = JSON.stringify({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'tienda' } }] },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: traceId.toUpperCase(),
                  spanId,
                  parentSpanId: '5fb397be34d26b51',
                  name: 'pedido',
                  kind: 2,
                  startTimeUnixNano: '1700000000000000000',
                  endTimeUnixNano: '1700000000002500000',
                  attributes: [{ key: 'http.status_code', value: { intValue: '503' } }],
                  status: { code: 2 },
                },
              ],
            },
          ],
        },
      ],
    });
    const [span] = readOtlpJson(body);
    expect(span).toMatchObject(expected);
    expect(span?.tags).toEqual([
      { key: 'http.status_code', value: 503 },
      { key: 'error', value: true },
    ]);
  });

  test('in OTLP protobuf', () => {
    const attribute = (key: string, value: string) => message([1, key], [2, message([1, value])]);
    const span = message(
      [1, Buffer.from(traceId, 'hex')],
      [2, Buffer.from(spanId, 'hex')],
      [4, Buffer.from('5fb397be34d26b51', 'hex')],
      [5, 'pedido'],
      [6, 2],
      [7, 1_700_000_000_000_000_000n],
      [8, 1_700_000_000_002_500_000n],
      [9, attribute('ruta', '/comprar')],
    );
    const resource = message([1, attribute('service.name', 'tienda')]);
    const request = message([1, message([1, resource], [2, message([2, span])])]);
    const [read] = readOtlpProtobuf(request);
    expect(read).toMatchObject(expected);
    expect(read?.tags).toEqual([{ key: 'ruta', value: '/comprar' }]);
  });

  test('in Zipkin JSON, with short trace ids made long', () => {
    const body = JSON.stringify([
      {
        traceId: 'd69df2321cf37308',
        id: spanId,
        kind: 'CLIENT',
        name: 'get',
        timestamp: 5,
        duration: 7,
        localEndpoint: { serviceName: 'web' },
        tags: { a: 1 },
      },
    ]);
    expect(readZipkin(body)).toMatchObject([
      {
        traceId: `${'0'.repeat(16)}d69df2321cf37308`,
        kind: 'client',
        service: 'web',
        start: 5,
        duration: 7,
        tags: [{ key: 'a', value: '1' }],
      },
    ]);
  });

  test('damaged bytes are refused, whatever they are', () => {
    expect(() => readOtlpProtobuf(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f]))).toThrow(ProtobufError);
    expect(() => readOtlpProtobuf(Buffer.from([0x0b]))).toThrow(ProtobufError);
    expect(() => readZipkin('{}')).toThrow(SyntaxError);
    expect(readOtlpJson('null')).toEqual([]);
    expect(readOtlpJson('{"resourceSpans":[null,{"scopeSpans":[{"spans":[{}]}]}]}')).toEqual([]);
  });
});

describe('the query API', () => {
  const store = createSpanStore();
  const now = 1_700_000_100_000;
  const base = {
    parentSpanId: undefined,
    kind: 'server' as const,
    processTags: [],
    tags: [{ key: 'http.status_code', value: '200' }],
  };
  for (let i = 1; i <= 3; i++) {
    const { parentSpanId: _none, ...rest } = base;
    store.add([
      {
        ...rest,
        traceId: String(i).padStart(32, '0'),
        spanId: String(i).padStart(16, '0'),
        name: `op${i}`,
        service: 'web',
        start: now * 1000 - i * 1e6,
        duration: i * 1000,
      },
    ]);
  }
  const ask = (path: string, query = '') => answerQuery(store, path, new URLSearchParams(query), now);
  const names = (query: string) =>
    ((ask('traces', query).body as { data: { spans: { operationName: string }[] }[] }).data ?? []).map(
      (t) => t.spans[0]?.operationName,
    );

  test('finds by service, operation, tags, time and duration', () => {
    expect(names('service=web&limit=2')).toEqual(['op3', 'op2']);
    expect(names('service=web&operation=op1')).toEqual(['op1']);
    expect(names('service=web&minDuration=2ms')).toEqual(['op3', 'op2']);
    expect(names('service=web&maxDuration=1ms')).toEqual(['op1']);
    expect(names('service=web&lookback=2s')).toEqual(['op2', 'op1']);
    expect(names(`service=web&tags=${encodeURIComponent('{"http.status_code":"200"}')}`)).toHaveLength(3);
    expect(names('service=web&tag=http.status_code:500')).toEqual([]);
  });

  test('says what is wrong with a question', () => {
    expect(ask('traces')).toMatchObject({
      status: 400,
      body: { errors: [{ code: 400, msg: "parameter 'service' is required" }] },
    });
    expect(ask('traces', 'service=web&minDuration=mucho').status).toBe(400);
    expect(ask('traces/zzz').status).toBe(400);
    expect(ask('traces/abc')).toMatchObject({ status: 404, body: { errors: [{ msg: 'trace not found' }] } });
    expect(ask('nada').status).toBe(404);
  });

  test('lists services and operations', () => {
    expect(ask('services').body).toMatchObject({ data: ['web'], total: 1 });
    expect(ask('services/web/operations').body).toMatchObject({ data: ['op1', 'op2', 'op3'] });
    expect(ask('operations', 'service=web').body).toMatchObject({
      data: [{ name: 'op1', spanKind: 'server' }, {}, {}],
    });
  });
});

test.each([
  ['b3', { b3: `${traceId}-${spanId}-1` }, true],
  ['b3', { b3: `${traceId}-${spanId}-d-05e3ac9a4f6e3b90` }, true],
  ['b3', { b3: `${traceId}-${spanId}` }, undefined],
  ['b3', { 'x-b3-traceid': traceId, 'x-b3-spanid': spanId, 'x-b3-flags': '1' }, true],
  ['w3c', { traceparent: `00-${traceId}-${spanId}-00` }, false],
] as const)('%s headers %o are read', (family, headers, sampled) => {
  expect(readContext(headers, family)).toEqual({ traceId, spanId, sampled });
});

test.each([
  ['w3c', { traceparent: `ff-${traceId}-${spanId}-01` }],
  ['w3c', { traceparent: `00-${'0'.repeat(32)}-${spanId}-01` }],
  ['w3c', { b3: `${traceId}-${spanId}-1` }],
  ['b3', { 'x-b3-traceid': 'xyz', 'x-b3-spanid': spanId }],
  ['b3', {}],
] as const)('%s headers %o are none', (family, headers) => {
  expect(readContext(headers, family)).toBeUndefined();
});

/** Just enough of the wire format to write what the reader reads. */
function message(...fields: [number, string | Uint8Array | number | bigint][]): Buffer {
  return Buffer.concat(
    fields.flatMap(([number, value]) => {
      if (typeof value === 'number') return [varint(number * 8), varint(value)];
      if (typeof value === 'bigint') {
        const fixed = Buffer.alloc(8);
        fixed.writeBigUInt64LE(value);
        return [varint(number * 8 + 1), fixed];
      }
      const bytes = Buffer.from(value);
      return [varint(number * 8 + 2), varint(bytes.length), bytes];
    }),
  );
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}
