// One probe of one container, asked of the programs of its pod: what a kubelet's HTTP or TCP check would get.
import type { HttpReply, RunningContainer } from '../contract.ts';
import type { Container, Probe } from '../controllers/kinds.ts';

export interface ProbeTarget {
  podIP: string;
  container: Container;
  /** Every running program of the pod: containers share one network, so any of them may answer on a port. */
  programs: () => Iterable<RunningContainer>;
}

/** Undefined when the probe succeeds, else why it failed, as the kubelet words it. At once, if the program answers so. */
export function askProbe(probe: Probe, target: ProbeTarget): string | undefined | Promise<string | undefined> {
  const action = probe.httpGet ?? probe.tcpSocket;
  // Commands and gRPC calls have no program behind them here: a container that runs passes.
  if (!action) return undefined;
  const port = portNumber(action.port, target.container);
  if (port === undefined) return `couldn't find port: ${action.port}`;
  const host = action.host && action.host !== '127.0.0.1' ? action.host : target.podIP;
  const authority = `${action.host ?? host}:${port}`;
  const handler = handlerOn(port, target);
  if (!probe.httpGet) return handler ? undefined : `dial tcp ${authority}: connect: connection refused`;
  const { path = '/', scheme = 'HTTP', httpHeaders = [] } = probe.httpGet;
  const url = `${scheme.toLowerCase()}://${authority}${path}`;
  if (!handler) return `Get "${url}": dial tcp ${authority}: connect: connection refused`;
  const headers = { 'user-agent': 'kube-probe/1.34', accept: '*/*', connection: 'close' };
  for (const header of httpHeaders) Object.assign(headers, { [header.name.toLowerCase()]: header.value });
  try {
    const reply = handler({ method: 'GET', path, authority, headers });
    if (!(reply instanceof Promise)) return verdict(reply);
    return reply.then(verdict, (error: unknown) => `Get "${url}": ${error instanceof Error ? error.message : error}`);
  } catch (error) {
    return `Get "${url}": ${error instanceof Error ? error.message : error}`;
  }
}

function verdict(reply: HttpReply): string | undefined {
  return reply.status >= 200 && reply.status < 400 ? undefined : `HTTP probe failed with statuscode: ${reply.status}`;
}

function portNumber(port: number | string, container: Container): number | undefined {
  if (typeof port === 'number') return port;
  return container.ports?.find((p) => p.name === port)?.containerPort ?? (Number(port) || undefined);
}

function handlerOn(port: number, target: ProbeTarget): RunningContainer['ports'][number] | undefined {
  for (const program of target.programs()) {
    const handler = program.ports[port];
    if (handler) return handler;
  }
  return undefined;
}
