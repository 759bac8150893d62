// The references of the data plane, in a process of their own: the server that answers, a proxy that does nothing but pass
// a request on with undici, and one with http-proxy and an agent that keeps its connections.
import { Agent, createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import httpProxy from 'http-proxy';
import { Pool } from 'undici';

export interface References {
  server: number;
  undici: number;
  httpProxy: number;
}

const body = Buffer.alloc(395, 'x');
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
const target = await listen(server);
const pool = new Pool(`http://127.0.0.1:${target}`, { connections: 32 });
const proxy = createServer((request, response) => {
  pool
    .request({ method: 'GET', path: request.url ?? '/' })
    .then(async (upstream) => {
      response.writeHead(upstream.statusCode, { 'content-type': 'application/json', 'content-length': body.length });
      for await (const chunk of upstream.body) response.write(chunk);
      response.end();
    })
    .catch((error: Error) => response.destroy(error));
});
const agent = new Agent({ keepAlive: true, maxSockets: 32 });
const other = httpProxy.createProxyServer({ target: `http://127.0.0.1:${target}`, agent });
other.on('error', () => undefined);
const references: References = {
  server: target,
  undici: await listen(proxy),
  httpProxy: await listen(createServer((request, response) => other.web(request, response))),
};
process.send?.(references);

function listen(listener: Server): Promise<number> {
  return new Promise((resolve) => {
    listener.listen(0, '127.0.0.1', () => resolve((listener.address() as AddressInfo).port));
  });
}
