// What one istiod knows and tells, on HTTP (port 15014) and over xDS (15010, 15012).
import type { KubeObject } from '../../../mesh/objects.ts';
import type { Registry } from '../../contract.ts';
import type { MeshFacts, ProxySync } from '../../mesh-facts.ts';
import type { SubscribedTypes } from './proxy-sync.ts';

export interface ControlPlane {
  /** Its own pod. */
  pod: KubeObject;
  /** Tag of its image. */
  version: string;
  now(): number;
  /** Undefined: no mesh around it. */
  mesh?: MeshFacts;
  api?: Pick<Registry, 'get' | 'list'>;
  subscribed: SubscribedTypes;
  /** The whole configuration of a proxy as istiod generates it, in the JSON form of Envoy's config dump. */
  configDump(proxy: ProxySync): { configs: Record<string, unknown>[] };
}

export const proxiesOf = ({ mesh }: ControlPlane): readonly ProxySync[] => mesh?.proxies() ?? [];
