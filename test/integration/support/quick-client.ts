// A client in a thread of its own: it sends its next request as soon as it has read an answer, however busy the server is.
import { once } from 'node:events';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

export interface QuickClient {
  port: number;
  requests: number;
  /** Characters in the body of each. */
  length: number;
}

/** How many of its requests, one after another on one connection, were answered whole. */
export async function askQuickly(client: QuickClient): Promise<number> {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: client });
  const [answered] = await once(worker, 'message');
  await worker.terminate();
  return answered;
}

if (!isMainThread && parentPort) {
  const { port, requests, length } = workerData as QuickClient;
  const body = 'y'.repeat(length);
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  let answered = 0;
  let read = Buffer.alloc(0);
  const send = (): boolean => socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n${body}`);
  socket.once('secureConnect', send);
  socket.on('error', () => {});
  socket.on('close', () => parentPort?.postMessage(answered));
  socket.on('data', (chunk: Buffer) => {
    read = Buffer.concat([read, chunk]);
    const head = read.indexOf('\r\n\r\n');
    const whole = head + 4 + Number(/content-length: (\d+)/i.exec(read.toString('latin1', 0, head))?.[1]);
    if (head < 0 || read.length < whole) return;
    read = Buffer.alloc(0);
    if (++answered < requests) send();
    else socket.end();
  });
}
