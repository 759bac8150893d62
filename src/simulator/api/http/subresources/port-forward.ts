// `kubectl port-forward`: connections of the client, carried to ports of a pod.
import { createWebSocketStream } from 'ws';
import { badRequest } from '../../errors.ts';
import type { Handler } from '../context.ts';
import { existing } from '../objects.ts';
import { portAccess } from '../streams/port-access.ts';
import { PORT_FORWARD_PROTOCOL, servePortForwardSpdy } from '../streams/port-forward-spdy.ts';
import { portForwardWebSocketProtocols, servePortForwardWebSocket } from '../streams/port-forward-web-socket.ts';
import { PlainRefusal } from '../streams/upgrade.ts';
import { ofCore, type Subresource } from './subresource.ts';

/** kubectl ≥ 1.31: SPDY inside the messages of a WebSocket. */
const TUNNEL = 'SPDY/3.1+portforward.k8s.io';

const MOST_PORTS = 100;

const handler: Handler = (r) => {
  const pod = existing(r);
  const { nodeName } = (pod.spec ?? {}) as { nodeName?: string };
  if (!nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  const ports = portsOf(r.request.query);
  const latest = () => r.context.registry.get('pods', pod.metadata.namespace, pod.metadata.name) ?? pod;
  const access = portAccess(r.context.containers, latest);
  return {
    status: 400,
    headers: {},
    body: '',
    upgrade: {
      webSocket: {
        protocols: [TUNNEL, ...portForwardWebSocketProtocols],
        serve(socket, protocol) {
          if (protocol === TUNNEL) servePortForwardSpdy(createWebSocketStream(socket), access);
          else servePortForwardWebSocket(socket, protocol, ports, access);
        },
      },
      spdy: {
        protocols: [PORT_FORWARD_PROTOCOL],
        check() {
          const { phase } = (latest().status ?? {}) as { phase?: string };
          if (phase !== 'Running') throw new PlainRefusal(500, `pod ${pod.metadata.name} is not running: ${phase}`);
        },
        serve: (connection) => servePortForwardSpdy(connection, access),
      },
    },
  };
};

export const portForward: Subresource = {
  name: 'portforward',
  of: ofCore('pods'),
  answers: () => ({ group: '', version: 'v1', kind: 'PodPortForwardOptions' }),
  get: handler,
  create: handler,
};

/** Of the query, for clients that name them there. Throws 400. */
function portsOf(query: URLSearchParams): number[] {
  const texts = query.getAll('ports').flatMap((p) => p.split(','));
  if (texts.length > MOST_PORTS) throw badRequest('too many ports');
  return texts.map((text) => {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (port < 1 || port > 65_535) throw badRequest(`query parameter "ports" is invalid: ${JSON.stringify(text)}`);
    return port;
  });
}
