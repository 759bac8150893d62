import { expect, test } from 'vitest';
import { cursorAt } from './cursor.ts';
import { patternOf, printPath } from './paths.ts';

/** `│` is the cursor. */
function at(text: string) {
  const lines = text.split('\n');
  const line = lines.findIndex((l) => l.includes('│'));
  const character = lines[line]?.indexOf('│') ?? 0;
  return cursorAt(
    lines.map((l) => l.replace('│', '')),
    line,
    character,
  );
}
const told = (text: string) => {
  const cursor = at(text);
  return cursor && `${cursor.place} ${printPath(cursor.path)} «${cursor.typed}»`;
};

const vs = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts:
  - reviews
  http:
    - match:
        - uri: {prefix: /a}
      route:
        - destination:
            host: reviews
            subset: v1
          weight: 90
`;

test('a new key is told by its column', () => {
  expect(told(`${vs}        │`)).toBe('key spec.http[0].route «»');
  expect(told(`${vs}          we│`)).toBe('key spec.http[0].route[0] «we»');
  expect(told(`${vs}            │`)).toBe('key spec.http[0].route[0].weight «»');
  expect(told(`${vs}      ti│`)).toBe('key spec.http[0] «ti»');
  expect(told(`${vs}  │`)).toBe('key spec «»');
  expect(told(`${vs}│`)).toBe('key  «»');
});

test('an item of a list is a new key or a value', () => {
  expect(told(`${vs}        - de│`)).toBe('item spec.http[0].route[1] «de»');
  expect(told(`${vs}    - │`)).toBe('item spec.http[1] «»');
  expect(told('spec:\n  hosts:\n  - a\n  - b│')).toBe('item spec.hosts[1] «b»');
  expect(told('spec:\n  http:\n  - route:\n    - destination:\n        host: │')).toBe(
    'value spec.http[0].route[0].destination.host «»',
  );
});

test('a value knows its path and the keys beside it', () => {
  const text = vs.replace('subset: v1', 'subset: v│1');
  expect(told(text)).toBe('value spec.http[0].route[0].destination.subset «v»');
  expect([...(at(text)?.siblings ?? [])]).toEqual([['host', 'reviews']]);
});

test('keys that the map has already are known, above and below', () => {
  const text = vs.replace('      route:', '      │\n      route:');
  expect([...(at(text)?.siblings.keys() ?? [])]).toEqual(['match', 'route']);
});

test('braces and brackets on one line', () => {
  expect(told('spec: {http: [{route: [{destination: {host: rev│')).toBe(
    'value spec.http[0].route[0].destination.host «rev»',
  );
  const cursor = at('  - destination: {host: reviews, su│');
  expect(cursor).toMatchObject({ place: 'key', typed: 'su', flow: true });
  expect(cursor?.siblings.get('host')).toBe('reviews');
  expect(told('hosts: [a, b│')).toBe('item hosts[1] «b»');
});

test('comments and the colon itself offer nothing', () => {
  expect(at('spec: # a│')).toBeUndefined();
  expect(at('# sp│')).toBeUndefined();
  expect(at('spec:│')).toBeUndefined();
  expect(told('path: a#b│')).toBe('value path «a#b»');
});

test('CRLF, tabs and lines without end do no harm', () => {
  expect(told('spec:\r\n  hosts:\r\n    - │')).toBe('item spec.hosts[0] «»');
  expect(patternOf(at('\tspec:\n\t\t│')?.path ?? [])).toBe('spec');
  expect(() => at(`${'['.repeat(100_000)}│`)).not.toThrow();
  expect(() => at(`${'- '.repeat(50_000)}│`)).not.toThrow();
  expect(() => at(`${'a: b\n'.repeat(50_000)}│`)).not.toThrow();
});
