// The forecast of a check by traffic, from its declaration.
import type { Cluster } from '../cluster/contract.ts';
import { type Forecast, forecastHttp, forecastSplit } from '../diagnosis/forecast.ts';
import { type EntryRequest, requestTo } from '../diagnosis/prediction.ts';
import type { Scene } from '../diagnosis/scene.ts';
import type { CheckDeclaration } from '../labs/lab.ts';
import { addressOf } from './entry.ts';
import { kindOf } from './kinds.ts';

export type TrafficCheck = Extract<CheckDeclaration, { type: 'http' | 'reparto' }>;

/** What the engine says of checks by traffic at the entry; of others it can say nothing. */
export function forecastOf(declaration: CheckDeclaration, scene: Scene, cluster: Cluster): Forecast {
  if (kindOf(declaration).looksAt !== 'traffic' || cluster.access.entry === undefined)
    return { says: 'unknown', explains: () => true };
  const check = trafficCheck(declaration);
  const request = requestOf(check, cluster, scene);
  return check.type === 'http'
    ? forecastHttp(scene, request, check.pattern)
    : forecastSplit(scene, request, check.pattern);
}

/** Throws UnknownEntryError. */
export function requestOf({ type, pattern }: TrafficCheck, cluster: Cluster, scene: Scene): EntryRequest {
  const { url } = addressOf(cluster, pattern, scene.services);
  return requestTo(url, pattern, type === 'http' ? pattern.method : 'GET');
}

export function trafficCheck(declaration: CheckDeclaration): TrafficCheck {
  if (declaration.type === 'http' || declaration.type === 'reparto') return declaration;
  throw new Error(`${declaration.type} is not a check by traffic.`);
}
