// The reference of the data plane: a proxy that does nothing but pass a request on with undici, and the server behind it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';

const body = Buffer.alloc(395, 'x');
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => {
  const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 32 });
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
  proxy.listen(0, '127.0.0.1', () => process.send?.((proxy.address() as AddressInfo).port));
});
