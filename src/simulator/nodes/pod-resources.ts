import { quantityOf } from '../../mesh/quantity.ts';
import type { Container, PodSpec, Resources } from '../controllers/kinds.ts';

export interface Usage {
  cpu: number;
  memory: number;
  pods: number;
}

/** What a pod asks of its node: its containers and sidecars together, or its hungriest init container if that is more. */
export function requestsOf(spec: PodSpec): Usage {
  const sidecars = (spec.initContainers ?? []).filter((c) => c.restartPolicy === 'Always');
  const inits = (spec.initContainers ?? []).filter((c) => c.restartPolicy !== 'Always');
  const total = (name: string) => {
    const request = (c: Container) => quantityOf(c.resources?.requests?.[name] ?? c.resources?.limits?.[name]);
    const together = [...spec.containers, ...sidecars].reduce((sum, c) => sum + request(c), 0);
    return Math.max(together, ...inits.map(request));
  };
  return { cpu: total('cpu'), memory: total('memory'), pods: 1 };
}

export function qosClassOf(spec: PodSpec): string {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const has = (r: Resources | undefined, name: string) => quantityOf(r?.[name]) > 0;
  const asksNothing = (c: Container) =>
    !['cpu', 'memory'].some((name) => has(c.resources?.requests, name) || has(c.resources?.limits, name));
  const isBounded = (c: Container) =>
    ['cpu', 'memory'].every((name) => {
      const { limits, requests } = c.resources ?? {};
      return has(limits, name) && quantityOf(requests?.[name] ?? limits?.[name]) === quantityOf(limits?.[name]);
    });
  if (containers.every(asksNothing)) return 'BestEffort';
  return containers.every(isBounded) ? 'Guaranteed' : 'Burstable';
}
