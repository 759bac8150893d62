import { expect, test } from 'vitest';
import { readCheck } from '../check-schema.ts';

const written = {
  id: 'p',
  tipo: 'peticion',
  titulo: 'P',
  desde: { espacio: 'default', selector: 'app=curl' },
  url: 'http://httpbin:8000/',
};
const read = (more: object) => readCheck({ ...written, ...more }, 1);

test('a request expects 200 unless it says otherwise', () => {
  expect(read({})).toMatchObject({ declaration: { pattern: { method: 'GET', expected: { status: 200 } } } });
  expect(read({ estado: 403 })).toMatchObject({ declaration: { pattern: { expected: { status: 403 } } } });
  expect(read({ fallo: 'reinicio' })).toMatchObject({ declaration: { pattern: { expected: { failure: 'reset' } } } });
});

test.each([
  ['a status and a failure', { estado: 200, fallo: 'reinicio' }],
  ['a text where there is no answer', { fallo: 'tiempo', contiene: ['a'] }],
  ['a file instead of a header', { cabeceras: { '@/etc/passwd': '' } }],
  ['two headers in one', { cabeceras: { 'X-A': 'a\r\nX-B: b' } }],
  ['an address that is none', { url: 'http://[' }],
  ['a port that is none', { url: 'http://httpbin:99999/' }],
  ['another protocol', { url: 'file:///etc/passwd' }],
  ['an option', { url: '--output=/tmp/x' }],
  ['a user', { url: 'http://ana:clave@httpbin/' }],
  ['a space', { url: 'http://httpbin/a b' }],
])('%s is refused', (_title, more) => {
  expect(read(more)).toHaveProperty('issues');
});
