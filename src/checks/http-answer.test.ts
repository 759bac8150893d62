import { describe, expect, test } from 'vitest';
import type { HttpPattern } from '../labs/check-kinds/http.ts';
import type { Answer } from '../traffic/load.ts';
import { type HttpSighting, isRight, printExpectation, printSighting } from './http-answer.ts';
import { sameFlags } from './proxy-flags.ts';

const answer = (status: number, body = '', headers: Answer['headers'] = {}): Answer => ({
  status,
  headers,
  body,
  milliseconds: 1,
});
const pattern = (more: Partial<HttpPattern> = {}): HttpPattern => ({
  path: '/x',
  method: 'GET',
  headers: {},
  status: 200,
  contains: [],
  ...more,
});

describe('what makes an answer wrong', () => {
  const cases: [string, Partial<HttpPattern>, HttpSighting, string][] = [
    ['its status', {}, { answer: answer(503, 'no healthy upstream') }, 'responde 503 («no healthy upstream»)'],
    [
      'a text that is missing',
      { contains: ['a', 'b'] },
      { answer: answer(200, 'a') },
      'responde 200 y no contiene «b»',
    ],
    ['a text that should not be there', { lacks: ['a'] }, { answer: answer(200, 'a') }, 'responde 200 y contiene «a»'],
    [
      'a header that matches only in part',
      { responseHeaders: { Server: 'envoy' } },
      { answer: answer(200, '', { server: 'istio-envoy' }) },
      'responde 200 y Server es istio-envoy',
    ],
    [
      'a header that is not there',
      { responseHeaders: { 'X-Version': 'v.' } },
      { answer: answer(200) },
      'responde 200 y X-Version es nada',
    ],
    [
      'the same answer outside the rule',
      { status: 500, contrast: { headers: {}, session: false, status: 200 } },
      { answer: answer(500), contrast: answer(500) },
      'responde 500; fuera de la regla, responde 500',
    ],
    [
      'no answer outside the rule',
      { contrast: { headers: {}, session: false, status: 404 } },
      { answer: answer(200), contrast: { ...answer(0), failure: 'reset' } },
      'responde 200; fuera de la regla, la conexión se corta',
    ],
    [
      'other flags',
      { flag: { namespace: 'default', selector: 'app=a', flags: 'FI' } },
      { answer: answer(200), flags: ['-', 'DI'] },
      'responde 200; el proxy de app=a anota - y DI',
    ],
    [
      'no line in the log',
      { flag: { namespace: 'default', selector: 'app=a', flags: 'FI' } },
      { answer: answer(200), flags: [] },
      'responde 200; el proxy de app=a anota nada',
    ],
  ];
  test.each(cases)('%s', (_what, more, seen, said) => {
    expect(isRight(pattern(more), seen)).toBe(false);
    expect(printSighting(pattern(more), seen)).toBe(said);
  });
});

test('an answer with all that is asked is right', () => {
  const asked = pattern({
    status: 500,
    contains: ['fault'],
    lacks: ['stars'],
    responseHeaders: { Server: '.*envoy' },
    contrast: { headers: {}, session: false, status: 200 },
    flag: { namespace: 'default', selector: 'app=a', flags: 'DI,FI' },
  });
  const seen = {
    answer: answer(500, 'fault filter abort', { server: 'istio-envoy' }),
    contrast: answer(200),
    flags: ['-', 'FI,DI'],
  };
  expect(isRight(asked, seen)).toBe(true);
  expect(printExpectation(asked)).toBe(
    'GET /x responde 500 y contiene «fault» y no contiene «stars» y lleva Server: .*envoy; fuera de la regla responde 200; el proxy de app=a anota DI,FI',
  );
});

test('flags are compared whatever their order, and all of them', () => {
  expect(sameFlags('URX,UT', 'UT,URX')).toBe(true);
  expect(sameFlags('DI,FI', 'FI')).toBe(false);
});
