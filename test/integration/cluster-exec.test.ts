// A program run in a container, against an API server made of a WebSocket.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { execIn, exitCodeOf } from '../../src/cluster/exec.ts';
import type { WayIn } from '../../src/cluster/kubeconfig.ts';

const open: { server: Server; sockets: WebSocketServer }[] = [];
afterEach(() => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  }
});

/** An API server that does this with each exec. */
async function serving(answer: (socket: WebSocket, path: string) => void, refusal?: { status: number; body: string }) {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => [...offered][0] ?? false });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    if (refusal) {
      socket.end(
        `HTTP/1.1 ${refusal.status} No\r\ncontent-length: ${refusal.body.length}\r\nconnection: close\r\n\r\n${refusal.body}`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => answer(ws, request.url ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ server, sockets });
  const way: WayIn = {
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tls: {},
    headers: async () => ({ authorization: 'Bearer x' }),
  };
  return way;
}

const request = { namespace: 'default', pod: 'curl', container: 'curl', command: ['curl', '-s', 'http://a b/?x=1&y'] };
const success = JSON.stringify({ status: 'Success' });
const failed = (code: string): string =>
  JSON.stringify({
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: code }] },
  });
const send = (socket: WebSocket, channel: number, text: string): void =>
  socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(text)]));

test('what the program writes is collected, with its exit code', async () => {
  const way = await serving((socket) => {
    send(socket, 1, 'uno ');
    send(socket, 2, 'aviso');
    send(socket, 1, 'dos');
    send(socket, 3, failed('56'));
    socket.close(1000);
  });
  expect(await execIn(way, request)).toEqual({ exitCode: 56, stdout: 'uno dos', stderr: 'aviso' });
});

test('each word of the command travels as it is', async () => {
  let asked = '';
  const way = await serving((socket, path) => {
    asked = path;
    send(socket, 3, success);
    socket.close(1000);
  });
  await execIn(way, request);
  expect(new URL(asked, 'http://x').searchParams.getAll('command')).toEqual(request.command);
});

test('a program that is not there is invalid, and so is a pod', async () => {
  const message = 'exec: "curl": executable file not found in $PATH';
  const started = await serving((socket) => {
    send(socket, 3, JSON.stringify({ status: 'Failure', reason: 'InternalError', message }));
    socket.close(1000);
  });
  await expect(execIn(started, request)).rejects.toMatchObject({ reason: 'invalid', detail: message });
  const absent = await serving(() => {}, { status: 404, body: JSON.stringify({ message: 'pods "curl" not found' }) });
  await expect(execIn(absent, request)).rejects.toMatchObject({ reason: 'invalid', detail: 'pods "curl" not found' });
  const broken = await serving(() => {}, { status: 500, body: JSON.stringify({ message }) });
  await expect(execIn(broken, request)).rejects.toMatchObject({ reason: 'invalid', detail: message });
});

test('a program that does not end, and a way that breaks, are unreachable', async () => {
  const silent = await serving(() => {});
  await expect(execIn(silent, { ...request, timeout: 80 })).rejects.toMatchObject({ reason: 'unreachable' });
  const broken = await serving((socket) => socket.terminate());
  await expect(execIn(broken, request)).rejects.toMatchObject({ reason: 'unreachable' });
  const nobody: WayIn = { server: 'http://127.0.0.1:1', tls: {}, headers: async () => ({}) };
  await expect(execIn(nobody, request)).rejects.toMatchObject({ reason: 'unreachable' });
});

test('a program that writes without end is stopped', async () => {
  const way = await serving((socket) => {
    for (let i = 0; i < 40; i++) send(socket, 1, 'x'.repeat(1_000_000));
  });
  await expect(execIn(way, request)).rejects.toMatchObject({ reason: 'invalid' });
});

test('an abort is the caller’s own', async () => {
  const way = await serving(() => {});
  const stop = new AbortController();
  const running = execIn(way, { ...request, signal: stop.signal });
  setTimeout(() => stop.abort(new Error('basta')), 20);
  await expect(running).rejects.toThrow('basta');
});

test('an end without a code is not an exit code', () => {
  expect(exitCodeOf({ status: 'Success' })).toBe(0);
  expect(exitCodeOf({ status: 'Failure', message: 'timeout' })).toBeUndefined();
  expect(exitCodeOf(undefined)).toBeUndefined();
});
