import { expect, test } from 'vitest';
import { fastDelays, usualDelays } from '../delays.ts';
import { readArguments } from './arguments.ts';

const folder = ['--estado', '/srv/malla'];

test('the folder is enough; the rest has its usual value', () => {
  expect(readArguments(folder)).toEqual({
    folder: '/srv/malla',
    ports: {},
    delays: usualDelays,
    idleAfter: 8 * 3_600_000,
  });
});

test('ports, delays and idle time are read', () => {
  const given = [
    ...folder,
    '--puerto',
    '20001',
    '--entrada',
    '20002',
    '--rapido',
    '--demoras',
    '{"pull":5}',
    '--ocioso',
    '0.5',
  ];
  expect(readArguments(given)).toEqual({
    folder: '/srv/malla',
    ports: { port: 20001, entryPort: 20002 },
    delays: { ...fastDelays, pull: 5 },
    idleAfter: 1_800_000,
  });
});

test.each([
  [[]],
  [[...folder, '--nada']],
  [[...folder, '--puerto', '70000']],
  [[...folder, '--puerto', 'abc']],
  [[...folder, '--demoras', '{']],
  [[...folder, '--demoras', '{"sleep":1}']],
  [[...folder, '--demoras', '{"pull":-1}']],
  [[...folder, '--ocioso', '0']],
])('%j is MALLA-CLU-09', (argv) => {
  expect(() => readArguments(argv)).toThrow(expect.objectContaining({ code: 'MALLA-CLU-09' }));
});
