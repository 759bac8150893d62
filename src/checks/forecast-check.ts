// The forecast of a check by traffic, from its declaration.
import type { Cluster } from '../cluster/contract.ts';
import { type Forecast, forecastHttp, forecastSplit } from '../diagnosis/forecast.ts';
import type { EntryRequest } from '../diagnosis/prediction.ts';
import type { Scene } from '../diagnosis/scene.ts';
import type { CheckDeclaration } from '../labs/lab.ts';
import { urlOf } from './entry.ts';

export type TrafficCheck = Extract<CheckDeclaration, { type: 'http' | 'reparto' }>;

export function forecastOf(declaration: CheckDeclaration, scene: Scene, cluster: Cluster): Forecast {
  const check = trafficCheck(declaration);
  if (cluster.access.entry === undefined) return { says: 'unknown', explains: () => true };
  const request = requestOf(check, cluster);
  return check.type === 'http' ? forecastHttp(scene, request, check.http) : forecastSplit(scene, request, check.split);
}

export function requestOf(check: TrafficCheck, cluster: Cluster): EntryRequest {
  const { path, headers } = check.type === 'http' ? check.http : check.split;
  return { url: urlOf(cluster, path), method: check.type === 'http' ? check.http.method : 'GET', headers };
}

export function trafficCheck(declaration: CheckDeclaration): TrafficCheck {
  if (declaration.type === 'http' || declaration.type === 'reparto') return declaration;
  throw new Error(`${declaration.type} is not a check by traffic.`);
}
