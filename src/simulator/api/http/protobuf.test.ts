import { expect, test } from 'vitest';
import { parseProtobuf } from './protobuf.ts';

// A small encoder stands in for a Go client; test/integration/kubectl.test.ts sends what kubectl really sends.
const encode = (parts: [field: number, content: string | Uint8Array | number][]): Buffer =>
  Buffer.concat(
    parts.map(([field, content]) => {
      if (typeof content === 'number') return Buffer.concat([varint(field << 3), varint(content)]);
      const bytes = Buffer.from(content);
      return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
    }),
  );
const varint = (n: number): Buffer => Buffer.from(n < 128 ? [n] : [(n & 127) | 128, n >> 7]);
const envelope = (apiVersion: string, kind: string, raw: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    encode([
      [
        1,
        encode([
          [1, apiVersion],
          [2, kind],
        ]),
      ],
      [2, raw],
    ]),
  ]);
const metadata = encode([
  [1, 'web'],
  [2, ''],
  [3, 'shop'],
  [8, ''],
]);

test('an object comes out as its JSON: inlined fields, maps, quantities, omitted zeros', () => {
  const container = encode([
    [1, 'web'],
    [2, 'nginx'],
    [
      8,
      encode([
        [
          1,
          encode([
            [1, 'cpu'],
            [2, encode([[1, '100m']])],
          ]),
        ],
      ]),
    ],
    [
      11,
      encode([
        [
          1,
          encode([
            [
              2,
              encode([
                [1, '/ready'],
                [
                  2,
                  encode([
                    [1, 0],
                    [2, 8080],
                  ]),
                ],
              ]),
            ],
          ]),
        ],
        [4, 5],
      ]),
    ],
    [16, 0],
  ]);
  const volume = encode([
    [1, 'tmp'],
    [2, encode([[2, encode([])]])],
  ]);
  const pod = encode([
    [1, metadata],
    [
      2,
      encode([
        [1, volume],
        [2, container],
        [4, 0],
      ]),
    ],
  ]);
  expect(parseProtobuf(envelope('v1', 'Pod', pod))).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      volumes: [{ name: 'tmp', emptyDir: {} }],
      containers: [
        {
          name: 'web',
          image: 'nginx',
          resources: { limits: { cpu: '100m' } },
          readinessProbe: { httpGet: { path: '/ready', port: 8080 }, periodSeconds: 5 },
        },
      ],
      terminationGracePeriodSeconds: 0,
    },
  });
});

test('bytes become base64, named ports stay names', () => {
  const secret = encode([
    [1, metadata],
    [
      2,
      encode([
        [1, 'key'],
        [2, 'value'],
      ]),
    ],
    [3, 'Opaque'],
  ]);
  expect(parseProtobuf(envelope('v1', 'Secret', secret))).toMatchObject({ data: { key: 'dmFsdWU=' }, type: 'Opaque' });
  const port = encode([
    [3, 80],
    [
      4,
      encode([
        [1, 1],
        [3, 'http'],
      ]),
    ],
  ]);
  const service = encode([
    [1, metadata],
    [2, encode([[1, port]])],
  ]);
  expect(parseProtobuf(envelope('v1', 'Service', service))).toMatchObject({
    spec: { ports: [{ port: 80, targetPort: 'http' }] },
  });
});

test("a CustomResourceDefinition's schema: raw JSON, an empty object, and shapes that are one of several", () => {
  const either = (field: number, content: Uint8Array) => encode([[field, content]]);
  const text = encode([[5, 'string']]);
  const entry = (name: string, schema: Uint8Array): [number, Uint8Array] => [
    29,
    encode([
      [1, name],
      [2, schema],
    ]),
  ];
  const rule = encode([
    [1, 'self.size() > 0'],
    [2, 'vacía'],
  ]);
  const schema = encode([
    [5, 'object'],
    entry('list', encode([[24, either(1, text)]])),
    entry('tuple', encode([[24, either(2, text)]])),
    entry('open', encode([[30, encode([[1, 1]])]])),
    entry('closed', encode([[30, encode([[1, 0]])]])),
    entry(
      'map',
      encode([
        [
          30,
          encode([
            [1, 1],
            [2, text],
          ]),
        ],
      ]),
    ),
    entry(
      'choice',
      encode([
        [8, encode([[1, '{"a":[1,null]}']])],
        [20, encode([[1, '"uno"']])],
        [20, encode([[1, 'null']])],
        [44, rule],
      ]),
    ),
    [
      32,
      encode([
        [1, 'list'],
        [2, either(2, Buffer.from('map'))],
      ]),
    ],
  ]);
  const definition = encode([
    [1, metadata],
    [
      2,
      encode([
        [1, 'example.com'],
        [
          7,
          encode([
            [1, 'v1'],
            [2, 1],
            [4, encode([[1, schema]])],
            [5, encode([[1, encode([])]])],
          ]),
        ],
      ]),
    ],
  ]);
  expect(parseProtobuf(envelope('apiextensions.k8s.io/v1', 'CustomResourceDefinition', definition))).toMatchObject({
    spec: {
      group: 'example.com',
      versions: [
        {
          name: 'v1',
          served: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                list: { items: { type: 'string' } },
                tuple: { items: [{ type: 'string' }] },
                open: { additionalProperties: true },
                closed: { additionalProperties: false },
                map: { additionalProperties: { type: 'string' } },
                choice: {
                  default: { a: [1, null] },
                  enum: ['uno', null],
                  'x-kubernetes-validations': [{ rule: 'self.size() > 0', message: 'vacía' }],
                },
              },
              dependencies: { list: ['map'] },
            },
          },
        },
      ],
    },
  });
});

test('a kind without a table is left to the caller, and broken bytes are a 400', () => {
  expect(parseProtobuf(envelope('example.com/v1', 'Thing', encode([])))).toBeUndefined();
  const cut = envelope('v1', 'Pod', encode([[1, metadata]])).subarray(0, -3);
  expect(() => parseProtobuf(cut)).toThrow(expect.objectContaining({ code: 400 }));
  expect(() => parseProtobuf(Buffer.from('{"a":1}'))).toThrow(expect.objectContaining({ code: 400 }));
});
