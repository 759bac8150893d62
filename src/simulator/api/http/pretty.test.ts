import { expect, test } from 'vitest';
import { type Asker, prettyReply } from './pretty.ts';
import { type ApiReply, jsonReply, type Piece } from './request.ts';

function shown(reply: ApiReply, asker: Partial<Asker>): ApiReply['body'] {
  return prettyReply(reply, { path: '/api/v1/pods', query: '', userAgent: undefined, ...asker }).body;
}

function* list(): Generator<Piece> {
  yield '{"items":[';
  yield Buffer.from('{"a":1}');
  yield ']}\n';
}

const indented = '{\n  "items": [\n    {\n      "a": 1\n    }\n  ]\n}';
const reply = jsonReply({ items: [{ a: 1 }] });

test('programs read one line, people several', () => {
  expect(shown(reply, { userAgent: 'kubectl/v1.34.4' })).toBe(reply.body);
  for (const userAgent of ['curl/8.5.0', 'Wget/1.21', 'Mozilla/5.0 (X11)'])
    expect(shown(reply, { userAgent })).toBe(indented);
});

test('who says which gets it', () => {
  expect(shown(reply, { query: 'limit=1&pretty=true', userAgent: 'kubectl/v1.34.4' })).toBe(indented);
  expect(shown(reply, { query: 'pretty=false', userAgent: 'curl/8.5.0' })).toBe(reply.body);
  expect(shown(reply, { query: 'pretty=', userAgent: 'curl/8.5.0' })).toBe(indented);
});

test('a list that is made while it is sent comes whole', () => {
  const long = { ...reply, body: list() };
  expect(shown(long, { userAgent: 'curl/8.5.0' })).toBe(indented);
  expect(shown(long, { userAgent: 'kubectl/v1.34.4' })).toBe(long.body);
});

test('neither what is no JSON nor OpenAPI is touched', () => {
  const yaml = { ...reply, headers: { 'content-type': 'application/yaml' } };
  expect(shown(yaml, { userAgent: 'curl/8.5.0' })).toBe(reply.body);
  expect(shown(reply, { path: '/openapi/v2', userAgent: 'curl/8.5.0' })).toBe(reply.body);
});
