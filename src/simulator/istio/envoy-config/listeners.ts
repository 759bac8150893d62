// LDS: which listeners a proxy has, sidecar or gateway.
import { gatewayListeners } from './gateway-listeners.ts';
import type { Json } from './json.ts';
import { outboundListeners, virtualOutbound } from './outbound-listeners.ts';
import type { Scene } from './scene.ts';
import { virtualInbound } from './virtual-inbound.ts';

export function listenersOf(scene: Scene): Json[] {
  if (scene.role === 'gateway') return gatewayListeners(scene);
  return [...outboundListeners(scene), virtualOutbound(scene), virtualInbound(scene)];
}
