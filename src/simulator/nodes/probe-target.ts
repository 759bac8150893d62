// One probe of one container, asked of the programs of its pod: what a kubelet's HTTP or TCP check would get.
import type { HttpReply, RunningContainer } from '../contract.ts';
import type { Container, Probe } from '../controllers/kinds.ts';
import { messageOf } from '../controllers/pods.ts';

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
  const authority = authorityOf(action, port, target);
  const handler = handlerOn(port, target);
  const refused = `dial tcp ${authority}: connect: connection refused`;
  if (!probe.httpGet) return handler ? undefined : refused;
  const failed = (why: string) => `Get "${probeUrl(probe, target)}": ${why}`;
  if (!handler) return failed(refused);
  try {
    const path = probe.httpGet.path ?? '/';
    const reply = handler({ method: 'GET', path, authority, headers: headersOf(probe), client: nodeOf(target) });
    return reply instanceof Promise
      ? reply.then(verdict, (error: unknown) => failed(messageOf(error)))
      : verdict(reply);
  } catch (error) {
    return failed(messageOf(error));
  }
}

export function probeUrl({ httpGet }: Probe, target: ProbeTarget): string {
  if (!httpGet) return '';
  const { scheme = 'HTTP', path = '/' } = httpGet;
  return `${scheme.toLowerCase()}://${authorityOf(httpGet, portNumber(httpGet.port, target.container) ?? 0, target)}${path}`;
}

function authorityOf(action: { host?: string }, port: number, target: ProbeTarget): string {
  return `${action.host || target.podIP}:${port}`;
}

/** The node's own address in the network of its pods. */
function nodeOf({ podIP }: ProbeTarget): string {
  return `${podIP.replace(/\.\d+$/, '.1')}:40000`;
}

function headersOf({ httpGet }: Probe): Record<string, string> {
  const own = (httpGet?.httpHeaders ?? []).map(({ name, value }) => [name.toLowerCase(), value]);
  return { 'user-agent': 'kube-probe/1.34', accept: '*/*', connection: 'close', ...Object.fromEntries(own) };
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
