// The debug types that istiod serves over its xDS stream: what istioctl asks for. Proxies of the embedded cluster get
// their configuration inside the process, so nothing else is served.
import { type ControlPlane, proxiesOf } from '../debug/control-plane.ts';
import { debugPage, NOT_CONNECTED } from '../debug/debug-pages.ts';
import { clientConfigs, proxyId } from '../debug/proxy-sync.ts';
import { ISTIO_REVISION } from '../debug/release.ts';
import { type AnyMessage, decodeRequest, encodeResponse } from './discovery.ts';
import { encodeTyped } from './envoy-messages.ts';
import type { StreamHandler } from './grpc.ts';

const DEBUG = 'istio.io/debug';

export function debugStream(plane: ControlPlane): StreamHandler {
  let sent = 0;
  let lastNonce = '';
  return (message, send) => {
    const request = decodeRequest(message);
    // An acknowledgement of what was sent before. istioctl's first request has a nonce too, of its own making.
    if (lastNonce !== '' && request.nonce === lastNonce) return;
    const resources = resourcesFor(plane, request.typeUrl, request.resourceNames);
    if (!resources) return;
    sent += 1;
    const version = `${new Date(plane.now()).toISOString().slice(0, 19)}Z/${plane.mesh?.pushed().version ?? 0}`;
    lastNonce = `${version}-${sent}`;
    send(
      encodeResponse({
        version,
        nonce: lastNonce,
        typeUrl: request.typeUrl,
        resources,
        controlPlane: identifier(plane),
      }),
    );
  };
}

function resourcesFor(plane: ControlPlane, typeUrl: string, names: readonly string[]): AnyMessage[] | undefined {
  if (typeUrl === `${DEBUG}/syncz`) return clientConfigs(proxiesOf(plane), plane.subscribed);
  if (typeUrl === `${DEBUG}/config_dump`) return configDump(plane, names[0] ?? '');
  if (typeUrl !== DEBUG) return undefined;
  const [name = '', query = ''] = (names[0] ?? '').split('?');
  const page = debugPage(plane, name, new URLSearchParams(query)) ?? '404 page not found\n';
  const body = typeof page === 'string' ? page : JSON.stringify(page);
  return [{ typeUrl: `${DEBUG}/${names[0] ?? ''}`, value: Buffer.from(body) }];
}

/** What istiod has for a proxy, which istioctl compares with what the proxy has. */
function configDump(plane: ControlPlane, name: string): AnyMessage[] {
  const proxy = proxiesOf(plane).find((p) => proxyId(p) === name);
  if (!proxy) return [{ typeUrl: `${DEBUG}/config_dump`, value: Buffer.from(NOT_CONNECTED) }];
  return plane
    .configDump(proxy)
    .configs.filter((config) => COMPARED.has(String(config['@type']).split('.').at(-1) ?? ''))
    .map(encodeTyped);
}

const COMPARED = new Set(['ClustersConfigDump', 'ListenersConfigDump', 'RoutesConfigDump']);

/** Which istiod answers: istioctl shows its ID and its version. */
function identifier({ pod, version }: ControlPlane): string {
  const Info = {
    version,
    revision: ISTIO_REVISION,
    golang_version: '',
    status: 'Clean',
    tag: version,
  };
  return JSON.stringify({ Component: 'istiod', ID: pod.metadata.name, Info });
}
