import type { Pod } from '../controllers/kinds.ts';

interface HostPort {
  hostPort?: number;
  hostIP?: string;
  protocol?: string;
}

export function wantsPorts(pod: Pod): boolean {
  return portsOf(pod).length > 0;
}

/** Whether the pod wants a port of its node that one of the others has. */
export function portsAreTaken(pod: Pod, others: Iterable<Pod>): boolean {
  const wanted = portsOf(pod);
  if (wanted.length === 0) return false;
  for (const other of others)
    if (portsOf(other).some((taken) => wanted.some((port) => collides(port, taken)))) return true;
  return false;
}

function portsOf({ spec }: Pod): HostPort[] {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec?.containers ?? []), ...sidecars]
    .flatMap(({ ports = [] }) => ports as HostPort[])
    .filter(({ hostPort }) => hostPort !== undefined && hostPort > 0);
}

function collides(a: HostPort, b: HostPort): boolean {
  const any = '0.0.0.0';
  const [first, second] = [a.hostIP || any, b.hostIP || any];
  return (
    a.hostPort === b.hostPort &&
    (a.protocol ?? 'TCP') === (b.protocol ?? 'TCP') &&
    (first === second || first === any || second === any)
  );
}
