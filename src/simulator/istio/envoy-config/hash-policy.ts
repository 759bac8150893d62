// What a consistent hash is made of: a DestinationRule says it, routes carry it.
import { fields, text } from '../../../mesh/read.ts';
import { durationOf } from './durations.ts';
import { type Json, seconds } from './json.ts';
import type { Scene } from './scene.ts';
import { policyFor } from './traffic-policy.ts';

export interface Target {
  host: string;
  subset: string;
  port: number;
}

export function hashPolicy(scene: Scene, { host, subset, port }: Target): Json[] {
  const service = scene.services.byHost(host);
  const rule = service && scene.destinationRules.find(service, scene.client);
  const hash = fields(policyFor(scene, rule, subset, port).loadBalancer?.consistentHash);
  const [name, parameter] = [text(hash.httpHeaderName), text(hash.httpQueryParameterName)];
  if (name) return [{ header: { header_name: name } }];
  if (hash.httpCookie !== undefined) {
    const cookie = fields(hash.httpCookie);
    const ttl = durationOf(cookie.ttl);
    const path = text(cookie.path);
    return [
      {
        cookie: {
          name: text(cookie.name) ?? '',
          ...(ttl !== undefined && { ttl: seconds(ttl) }),
          ...(path && { path }),
        },
      },
    ];
  }
  if (hash.useSourceIp === true) return [{ connection_properties: { source_ip: true } }];
  return parameter ? [{ query_parameter: { name: parameter } }] : [];
}
