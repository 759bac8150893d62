import { expect, test } from 'vitest';
import { nodeWorld } from './node-world.ts';
import { readOptions } from './options.ts';
import { otherDestination, requestTarget } from './target.ts';

async function target(address: string, ...argv: string[]): Promise<string> {
  const context = { cwd: '/', env: {} } as Parameters<typeof readOptions>[1];
  return requestTarget(address, new URL(address), await readOptions([...argv, address], context, nodeWorld('/')));
}

test('dots of a path are resolved unless --path-as-is', async () => {
  expect(await target('http://a:80/x/../y?q=1#part')).toBe('/y?q=1');
  expect(await target('http://a:80/x/../y?q=1#part', '--path-as-is')).toBe('/x/../y?q=1');
  expect(await target('http://a', '--path-as-is')).toBe('/');
  expect(await target('http://a?q=1', '--path-as-is')).toBe('/?q=1');
});

test('--request-target is written as it is', async () => {
  expect(await target('http://a/x', '--request-target', 'status')).toBe('status');
});

test('--connect-to sends elsewhere, whatever part is empty', () => {
  const url = new URL('https://web.example/');
  expect(otherDestination(url, 443, ['web.example:443:127.0.0.1:8443'])).toEqual({ host: '127.0.0.1', port: 8443 });
  expect(otherDestination(url, 443, ['::127.0.0.1:'])).toEqual({ host: '127.0.0.1', port: 443 });
  expect(otherDestination(url, 443, ['other:443:a:1', '::[::1]:2'])).toEqual({ host: '::1', port: 2 });
  expect(otherDestination(url, 443, ['web.example:80:a:1'])).toBeUndefined();
});

test('a --connect-to that makes no sense is refused', () => {
  expect(() => otherDestination(new URL('http://a/'), 80, ['nothing'])).toThrow('CONNECT_TO');
});
