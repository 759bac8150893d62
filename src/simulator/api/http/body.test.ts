import { expect, test } from 'vitest';
import { parseJson, parseYaml } from './body.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

// Messages of the API server of Kubernetes 1.34.
test.each([
  ['{"a":', 'unexpected end of JSON input'],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
  ['[1 2]', "invalid character '2' after array element"],
  ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
  ['{"a":<}', "invalid character '<' looking for beginning of value"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['{"a":"b\nc"}', "invalid character '\\n' in string literal"],
])('%s is refused in the words of Go', (text, message) => {
  expect(() => parseJson(bytes(text))).toThrow(message);
});

test('nesting that would exhaust a stack is refused', () => {
  expect(() => parseJson(bytes('['.repeat(100_000) + ']'.repeat(100_000)))).toThrow('exceeded max depth');
});

test('a key that reaches the prototype is refused', () => {
  expect(() => parseJson(bytes('{"metadata":{"__proto__":{"admin":true}}}'))).toThrow(/__proto__/);
});

test('a YAML bomb of aliases is refused', async () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((k, i) => `${k}: &${k} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
    .join('\n')}`;
  await expect(parseYaml(bytes(bomb))).rejects.toThrow(SyntaxError);
  await expect(parseYaml(bytes('a: [1, 2]\nb: yes'))).resolves.toEqual({ a: [1, 2], b: 'yes' });
});

test('bytes that are not UTF-8 are refused', () => {
  expect(() => parseJson(new Uint8Array([0x22, 0xff, 0x22]))).toThrow(expect.objectContaining({ code: 400 }));
});
