// What istiod tells of its proxies: the same facts as JSON (/debug/syncz) and as xDS ClientConfig (proxy-status).
import { createHash } from 'node:crypto';
import type { ProxySync } from '../../mesh-facts.ts';
import type { AnyMessage } from '../xds/discovery.ts';
import { encodeStruct, encodeTimestamp } from '../xds/struct.ts';
import { messageField, numberField, stringField } from '../xds/wire.ts';
import { versionOf } from './release.ts';

export const CLUSTER_ID = 'Kubernetes';
/** envoy.service.status.v3.ConfigStatus. */
const STATUS = { synced: 1, notSent: 2, stale: 3 } as const;

const TYPES = {
  cluster: 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  endpoint: 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
  listener: 'type.googleapis.com/envoy.config.listener.v3.Listener',
  route: 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
} as const;

export type XdsType = keyof typeof TYPES;

/** Which types a proxy asks for: one without any route configuration by name never asks for routes. */
export type SubscribedTypes = (proxy: ProxySync) => readonly XdsType[];

export function syncJson(proxies: readonly ProxySync[], subscribed: SubscribedTypes): unknown[] {
  return proxies.map((proxy) => {
    const types = subscribed(proxy);
    const pairs = types.map((type) => [type, noncesOf(proxy, type)] as const);
    const sentTime = new Date(proxy.sentAt).toISOString();
    return {
      cluster_id: CLUSTER_ID,
      proxy: proxyId(proxy),
      proxy_type: proxy.role === 'gateway' ? 'gateway' : 'sidecar',
      istio_version: versionOf(proxy.pod),
      ...Object.fromEntries(
        pairs.flatMap(([t, { sent, acked }]) => [
          [`${t}_sent`, sent],
          [`${t}_acked`, acked],
        ]),
      ),
      resources: Object.fromEntries(pairs.map(([type, nonces]) => [TYPES[type], { ...nonces, sentTime }])),
    };
  });
}

export function clientConfigs(proxies: readonly ProxySync[], subscribed: SubscribedTypes): AnyMessage[] {
  return proxies.map((proxy) => ({
    typeUrl: 'type.googleapis.com/envoy.service.status.v3.ClientConfig',
    value: Buffer.concat([
      messageField(1, node(proxy)),
      ...subscribed(proxy).map((type) => messageField(3, genericConfig(proxy, type))),
    ]),
  }));
}

/** `name.namespace`: how istioctl and istiod call a proxy. */
export function proxyId({ pod }: Pick<ProxySync, 'pod'>): string {
  return `${pod.metadata.name}.${pod.metadata.namespace ?? 'default'}`;
}

/** istiod's version text of a push: `2026-11-21T10:18:42Z/33`. */
export function pushVersion({ sent, sentAt }: Pick<ProxySync, 'sent' | 'sentAt'>): string {
  return `${new Date(sentAt).toISOString().slice(0, 19)}Z/${sent}`;
}

function node(proxy: ProxySync): Buffer {
  const { namespace = 'default' } = proxy.pod.metadata;
  const metadata = { CLUSTER_ID, ISTIO_VERSION: versionOf(proxy.pod), NAMESPACE: namespace };
  return Buffer.concat([stringField(1, proxyId(proxy)), messageField(3, encodeStruct(metadata))]);
}

function genericConfig(proxy: ProxySync, type: XdsType): Buffer {
  const status = proxy.sent === 0 ? STATUS.notSent : proxy.acked === proxy.sent ? STATUS.synced : STATUS.stale;
  return Buffer.concat([
    stringField(1, TYPES[type]),
    ...(proxy.sent > 0 ? [messageField(5, encodeTimestamp(proxy.sentAt))] : []),
    numberField(6, status),
  ]);
}

/** A nonce names a push to a proxy; the same push has the same one whenever it is asked for. */
function noncesOf(proxy: ProxySync, type: XdsType): { sent: string; acked: string } {
  const nonce = (version: number) => {
    if (version === 0) return '';
    const digest = createHash('sha256').update(`${proxy.pod.metadata.uid}/${type}/${version}`).digest('hex');
    const parts = [
      digest.slice(0, 8),
      digest.slice(8, 12),
      digest.slice(12, 16),
      digest.slice(16, 20),
      digest.slice(20, 32),
    ];
    return `${pushVersion({ sent: version, sentAt: proxy.sentAt })}${parts.join('-')}`;
  };
  return { sent: nonce(proxy.sent), acked: nonce(proxy.acked) };
}
