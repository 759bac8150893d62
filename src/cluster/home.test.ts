import { expect, test } from 'vitest';
import { mallaHome } from './home.ts';

test('MALLA_HOME wins on every platform', () => {
  expect(mallaHome({ MALLA_HOME: '/srv/malla' }, 'linux', '/home/ana')).toBe('/srv/malla');
  expect(mallaHome({ MALLA_HOME: 'D:\\malla' }, 'win32', 'C:\\Users\\ana')).toBe('D:\\malla');
});

test('without it, the folder is where the platform keeps state', () => {
  expect(mallaHome({}, 'linux', '/home/ana')).toBe('/home/ana/.local/state/malla');
  expect(mallaHome({ XDG_STATE_HOME: '/var/ana' }, 'linux', '/home/ana')).toBe('/var/ana/malla');
  expect(mallaHome({}, 'darwin', '/Users/ana')).toBe('/Users/ana/Library/Application Support/Malla');
  expect(mallaHome({ LOCALAPPDATA: 'C:\\Users\\ana\\AppData\\Local' }, 'win32', 'C:\\Users\\ana')).toBe(
    'C:\\Users\\ana\\AppData\\Local\\Malla',
  );
});

test('a relative XDG_STATE_HOME is ignored', () => {
  expect(mallaHome({ XDG_STATE_HOME: 'here' }, 'linux', '/home/ana')).toBe('/home/ana/.local/state/malla');
});
