import { expect, test } from 'vitest';
import { ApiError } from '../errors.ts';
import { negotiate } from './accept.ts';

const all = ['object', 'table', 'metadata'] as const;

test("kubectl's Accept header for get means a Table", () => {
  const header =
    'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
  expect(negotiate(header, all)).toEqual({ as: 'table', syntax: 'json' });
  expect(negotiate(header, ['object'])).toEqual({ as: 'object', syntax: 'json' });
});

test('protobuf and CBOR with a fallback get JSON', () => {
  expect(negotiate('application/vnd.kubernetes.protobuf,application/json')).toEqual({ as: 'object', syntax: 'json' });
  expect(negotiate('application/cbor, */*')).toEqual({ as: 'object', syntax: 'json' });
  expect(
    negotiate(
      'application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
      all,
    ),
  ).toEqual({ as: 'metadata', syntax: 'json' });
});

test('no header means JSON, YAML is YAML, and protobuf alone is refused with 406', () => {
  expect(negotiate(undefined)).toEqual({ as: 'object', syntax: 'json' });
  expect(negotiate('application/yaml')).toEqual({ as: 'object', syntax: 'yaml' });
  expect(() => negotiate('application/vnd.kubernetes.protobuf')).toThrow(expect.objectContaining({ code: 406 }));
  expect(() => negotiate('text/html')).toThrow(ApiError);
});
