// The programs of Istio that run in simulated pods, by the name of their image, whatever its registry and tag.
import type { WorkloadModel } from '../contract.ts';
import { agent } from './agent.ts';
import { pilot } from './pilot.ts';

/** `program` is an image's last path element without tag: `pilot`, `proxyv2`. */
export function istioModel(program: string): WorkloadModel | undefined {
  return models.get(program);
}

const models = new Map<string, WorkloadModel>([
  ['pilot', pilot],
  ['proxyv2', agent],
]);
