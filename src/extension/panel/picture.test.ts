import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pictureAddress } from './picture.ts';

const root = join(import.meta.dirname, '../../..');

test('the address of a picture of a lab carries the picture', () => {
  const [, carried = ''] = pictureAddress(root, 'labs/canary/pesos.svg').split('base64,');
  expect(Buffer.from(carried, 'base64').toString()).toBe(
    readFileSync(join(root, 'media/labs/canary/pesos.svg'), 'utf8'),
  );
});

test('what is no picture, or is elsewhere, has no address', () => {
  expect(pictureAddress(root, '../package.json')).toBe('');
  expect(pictureAddress(root, 'lab.css')).toBe('');
  expect(pictureAddress(root, 'labs/canary/no-such.svg')).toBe('');
});
