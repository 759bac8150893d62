// /listeners: names and addresses of what the proxy listens on.
import { staticListeners } from '../envoy-config/bootstrap.ts';
import type { Json } from '../envoy-config/json.ts';
import type { ProxyConfiguration } from '../envoy-config/proxy-configuration.ts';

export function listenersText(configuration: ProxyConfiguration): string {
  return all(configuration)
    .map(({ name, address }) => {
      const { socket_address: at } = address as { socket_address: { address: string; port_value: number } };
      return `${String(name)}::${at.address}:${at.port_value}\n`;
    })
    .join('');
}

export function listenersJson(configuration: ProxyConfiguration): Json {
  return { listener_statuses: all(configuration).map(({ name, address }) => ({ name, local_address: address })) };
}

const all = ({ listeners }: ProxyConfiguration): Json[] => [...staticListeners(), ...listeners];
