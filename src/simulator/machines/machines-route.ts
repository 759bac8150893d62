// What the process answers about its machines: how they are, and a program on one of them.
import { type ApiReply, type ApiRequest, jsonReply, textReply } from '../api/http/request.ts';
import type { RemoteOptions } from '../api/http/streams/remote-command.ts';
import { remoteWebSocketProtocols, serveRemoteWebSocket } from '../api/http/streams/remote-web-socket.ts';
import { PlainRefusal } from '../api/http/streams/upgrade.ts';
import type { Machines } from './machines.ts';

const EXEC = /^\/malla\/machines\/([a-z]+)\/exec$/;

/** Undefined for what is not about machines. The caller must have let in administrators only. */
export function machinesRoute(machines: Machines, onBug: (error: unknown) => void) {
  return ({ method, path, query }: ApiRequest): ApiReply | undefined => {
    if (method === 'GET' && path === '/malla/machines') return jsonReply(machines.facts());
    const name = EXEC.exec(path)?.[1];
    if (name === undefined) return undefined;
    if (!machines.names.includes(name)) return textReply(`no machine ${name}\n`, 404);
    const command = query.getAll('command');
    const tty = query.get('tty') === 'true';
    const options: RemoteOptions = { stdin: true, stdout: true, stderr: true, tty };
    return {
      ...textReply('a connection for streams is needed\n', 400),
      upgrade: {
        webSocket: {
          protocols: remoteWebSocketProtocols,
          serve(socket, protocol) {
            const run = (channels: Parameters<Parameters<typeof serveRemoteWebSocket>[3]>[0]) =>
              machines.exec(name, { command: command.length > 0 ? command : ['bash'], tty, ...channels });
            void serveRemoteWebSocket(socket, protocol, options, run, onBug);
          },
        },
        spdy: {
          protocols: [],
          check() {
            throw new PlainRefusal(400, 'machines speak WebSocket only');
          },
          serve: (connection) => connection.destroy(),
        },
      },
    };
  };
}
