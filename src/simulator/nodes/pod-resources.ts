import { quantityOf } from '../../mesh/quantity.ts';
import type { Container, PodSpec, Resources } from '../controllers/kinds.ts';

export interface Usage {
  cpu: number;
  memory: number;
  pods: number;
}

export interface Requests extends Usage {
  /** The same with something for containers that say nothing: who scores nodes counts them too. */
  assumed: { cpu: number; memory: number };
}

/** What the scheduler takes a container to use that asks for nothing: a tenth of a core, 200 MB. */
const UNSAID = { cpu: 0.1, memory: 200 * 1024 * 1024 };

/** What a pod asks of its node: its containers and sidecars together, or its hungriest init container if that is more. */
export function requestsOf(spec: PodSpec): Requests {
  const sidecars = (spec.initContainers ?? []).filter((c) => c.restartPolicy === 'Always');
  const inits = (spec.initContainers ?? []).filter((c) => c.restartPolicy !== 'Always');
  const running = sidecars.length > 0 ? [...spec.containers, ...sidecars] : spec.containers;
  const asked = (c: Container, name: string) => c.resources?.requests?.[name] ?? c.resources?.limits?.[name];
  const total = (name: string, unsaid: number) => {
    const request = (c: Container) => quantityOf(asked(c, name) ?? unsaid);
    return Math.max(
      running.reduce((sum, c) => sum + request(c), 0),
      ...inits.map(request),
    );
  };
  const [cpu, memory] = [total('cpu', 0), total('memory', 0)];
  const silent = (name: string) => running.some((c) => asked(c, name) === undefined) || inits.length > 0;
  return {
    cpu,
    memory,
    pods: 1,
    assumed: {
      cpu: silent('cpu') ? total('cpu', UNSAID.cpu) : cpu,
      memory: silent('memory') ? total('memory', UNSAID.memory) : memory,
    },
  };
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
