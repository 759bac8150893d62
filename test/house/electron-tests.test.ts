// What `npm run test:electron` says where there is no desktop VS Code to be had.
import { expect, test } from 'vitest';
import { findDesktopEditor, findScreen } from '../../scripts/electron-tests.ts';

const never = (): Promise<string> => Promise.reject(new Error('not asked for'));

test('a VS Code that is named is used, and nothing is downloaded', async () => {
  const env = { MALLA_VSCODE: process.execPath };
  expect(await findDesktopEditor({ version: 'stable', env, download: never })).toBe(process.execPath);
});

test('a VS Code that is named and is not there is told by its path', async () => {
  const env = { MALLA_VSCODE: '/no/such/code' };
  expect(await findDesktopEditor({ version: 'stable', env, download: never })).toMatchObject({
    code: 'MALLA-SIS-90',
    happened: expect.stringContaining('/no/such/code'),
  });
});

test.each([
  ['of the network', new Error('getaddrinfo ENOTFOUND update.code.visualstudio.com'), 'ENOTFOUND'],
  ['hidden in another', new TypeError('', { cause: new Error('connect ECONNREFUSED') }), 'ECONNREFUSED'],
  ['of each address', new AggregateError([new Error('connect ETIMEDOUT')], ''), 'ETIMEDOUT'],
  ['with a stack in its message', new Error('HTTP 403\n    at somewhere'), 'HTTP 403'],
])('a download that fails is told in a line, with its reason: %s', async (_, error, reason) => {
  const found = await findDesktopEditor({ version: '1.101.0', env: {}, download: () => Promise.reject(error) });
  if (typeof found === 'string') throw new Error('nothing failed');
  expect(found.code).toBe('MALLA-SIS-90');
  expect(found.happened).toContain('1.101.0');
  expect(found.happened).toContain(reason);
  expect(found.happened).not.toContain('\n');
});

test('Linux without a screen is told as such; other systems have one', () => {
  expect(findScreen('linux', { PATH: '/no/such/folder' })).toMatchObject({ code: 'MALLA-SIS-91' });
  expect(findScreen('linux', { DISPLAY: ':0' })).toEqual([]);
  expect(findScreen('win32', {})).toEqual([]);
});
