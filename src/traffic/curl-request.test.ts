import { expect, test } from 'vitest';
import { curlCommand, readCurl } from './curl-request.ts';

const request = { url: 'http://httpbin:8000/anything', method: 'GET', headers: {} };

test('a request is words of a command line, whatever they hold', () => {
  const command = curlCommand({
    ...request,
    method: 'POST',
    headers: { 'X-A': '$(id); "b"', 'X-B': '' },
    body: '@/etc/passwd',
  });
  expect(command).toEqual(
    expect.arrayContaining(['-X', 'POST', '-H', 'X-A: $(id); "b"', 'X-B;', '--data-raw', '@/etc/passwd']),
  );
  expect(command.at(-1)).toBe(request.url);
});

test('a HEAD does not wait for a body', () => {
  expect(curlCommand({ ...request, method: 'HEAD' })).toContain('-I');
});

test('the status is the last line, and the body all before it', () => {
  expect(readCurl({ exitCode: 0, stdout: 'RBAC: access denied\n403', stderr: '' })).toEqual({
    status: 403,
    body: 'RBAC: access denied',
    message: '',
    exitCode: 0,
  });
  expect(readCurl({ exitCode: 0, stdout: '{\n  "a": 1\n}\n\n200', stderr: '' }).body).toBe('{\n  "a": 1\n}\n');
});

test.each([
  [56, 'curl: (56) Recv failure: Connection reset by peer', 'reset'],
  [52, 'curl: (52) Empty reply from server', 'reset'],
  [35, 'curl: (35) OpenSSL SSL_connect: Connection reset by peer', 'reset'],
  [7, 'curl: (7) Failed to connect', 'refused'],
  [6, 'curl: (6) Could not resolve host: httpbinn', 'dns'],
  [28, 'curl: (28) Operation timed out', 'timeout'],
  [127, 'sh: curl: not found', 'no-curl'],
  [3, 'curl: (3) URL rejected', 'other'],
])('exit code %i is a failure without a status', (exitCode, stderr, failure) => {
  expect(readCurl({ exitCode, stdout: '\n000', stderr })).toMatchObject({ status: 0, failure, message: stderr });
});

test('an output that was cut is no answer', () => {
  expect(readCurl({ exitCode: 0, stdout: '', stderr: '' })).toMatchObject({ status: 0, failure: 'other' });
});
