// The forecast of a check by traffic, from its declaration.
import type { Cluster } from '../cluster/contract.ts';
import { type Forecast, forecastHttp, forecastSplit } from '../diagnosis/forecast.ts';
import type { EntryRequest } from '../diagnosis/prediction.ts';
import type { Scene } from '../diagnosis/scene.ts';
import type { CheckDeclaration } from '../labs/lab.ts';
import { urlOf } from './entry.ts';
import { kindOf } from './kinds.ts';

export type TrafficCheck = Extract<CheckDeclaration, { type: 'http' | 'reparto' }>;

/** What the engine says of checks by traffic at the entry; of others it can say nothing. */
export function forecastOf(declaration: CheckDeclaration, scene: Scene, cluster: Cluster): Forecast {
  if (kindOf(declaration).looksAt !== 'traffic' || cluster.access.entry === undefined)
    return { says: 'unknown', explains: () => true };
  const check = trafficCheck(declaration);
  const request = requestOf(check, cluster);
  return check.type === 'http'
    ? forecastHttp(scene, request, check.pattern)
    : forecastSplit(scene, request, check.pattern);
}

export function requestOf(check: TrafficCheck, cluster: Cluster): EntryRequest {
  const { path, headers } = check.pattern;
  return { url: urlOf(cluster, path), method: check.type === 'http' ? check.pattern.method : 'GET', headers };
}

export function trafficCheck(declaration: CheckDeclaration): TrafficCheck {
  if (declaration.type === 'http' || declaration.type === 'reparto') return declaration;
  throw new Error(`${declaration.type} is not a check by traffic.`);
}
