import { expect, test } from 'vitest';
import { CallError, type ContainerContext, type ExecStreams, type HttpRequest } from '../contract.ts';
import { fortio } from './fortio.ts';

async function run(argv: string[], answer: (request: HttpRequest) => number) {
  const context = {
    clock: { now: () => Date.now(), after: (ms: number, action: () => void) => void setTimeout(action, ms) },
    log: () => {},
    async call(request: HttpRequest) {
      const status = answer(request);
      if (status === 0) throw new CallError('refused', 'no');
      return { status, headers: { server: 'envoy' }, body: 'hola' };
    },
  } as unknown as ContainerContext;
  let [out, err] = ['', ''];
  const streams = {
    stdout: (chunk: string) => (out += chunk),
    stderr: (chunk: string) => (err += chunk),
    signal: new AbortController().signal,
  } as unknown as ExecStreams;
  const code = await fortio(context).programs?.fortio?.(argv, streams);
  return { code, out, err };
}

test('load makes exactly as many calls as asked and tells each code', async () => {
  let calls = 0;
  const { code, out } = await run(
    ['load', '-c', '3', '-qps', '0', '-n', '30', '-loglevel', 'Warning', 'http://httpbin:8000/get'],
    () => (++calls % 3 === 0 ? 503 : 200),
  );
  expect(code).toBe(0);
  expect(calls).toBe(30);
  expect(out).toContain('Code 200 : 20 (66.7 %)');
  expect(out).toContain('Code 503 : 10 (33.3 %)');
  expect(out).toContain('for exactly 30 calls (10 per thread + 0)');
});

test('a call without answer is code -1', async () => {
  const { out } = await run(['load', '-n', '2', '-qps', '0', 'http://nobody/'], () => 0);
  expect(out).toContain('Code  -1 : 2 (100.0 %)');
});

test('curl writes the head apart from the body', async () => {
  const { code, out, err } = await run(['curl', '-quiet', 'http://httpbin:8000/get'], () => 200);
  expect([code, out]).toEqual([0, 'hola']);
  expect(err).toBe('HTTP/1.1 200 OK\r\nserver: envoy\r\n\r\n');
});

test('what is not simulated is said', async () => {
  expect((await run(['server'], () => 200)).code).toBe(1);
  expect((await run(['load', 'https://x/'], () => 200)).err).toContain('only load and curl');
});
