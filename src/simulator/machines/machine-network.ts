// Where a request of a machine goes: to itself, to another machine's NodePorts, to a Service or to a pod.
import { request as ask } from 'node:http';
import type { KubeObject } from '../../mesh/objects.ts';
import type { Registry } from '../contract.ts';
import { CallError, type HttpReply, type HttpRequest } from '../contract.ts';
import type { Pod } from '../controllers/kinds.ts';
import type { ContainerAccess } from '../exec/container-access.ts';
import { MACHINES } from '../nodes/bootstrap-nodes.ts';
import type { HostMachine } from './host-machine.ts';
import { resolveName } from './programs/network.ts';

export interface Reach {
  registry: Registry;
  containers: ContainerAccess;
}

/** Rejects with CallError. */
export async function callFromMachine(
  host: HostMachine,
  cluster: Reach | undefined,
  request: HttpRequest,
  timeout = 10_000,
): Promise<HttpReply> {
  const target = request.connectTo ?? request.authority;
  const [, name = target, written = '80'] = /^(.*?)(?::(\d+))?$/.exec(target) ?? [];
  const port = Number(written);
  const address = name === 'localhost' ? '127.0.0.1' : resolveName(host, name);
  if (address === undefined) throw new CallError('dns', `Could not resolve host: ${name}`);
  const own = address.startsWith('127.') || address === host.state.address || address === '10.0.2.15';
  if (own && port === 10248 && host.state.kubelet.running) return text(200, 'ok');
  if (cluster && (own || MACHINES.some((m) => m.address === address))) {
    if (isNodePort(cluster.registry, port)) return callRealPort(port, request, timeout);
  } else if (cluster) {
    const listener = listenerAt(cluster, address, port);
    if (listener?.kind === 'http') return listener.ask(request);
  }
  throw new CallError('refused', `Failed to connect to ${name} port ${port}`);
}

const text = (status: number, body: string): HttpReply => ({ status, headers: { 'content-type': 'text/plain' }, body });

interface Port {
  port: number;
  nodePort?: number;
  targetPort?: number | string;
}

interface ServiceSpec {
  clusterIP?: string;
  ports?: Port[];
  selector?: Record<string, string>;
}

function isNodePort(registry: Registry, port: number): boolean {
  return registry.list('services').some((s) => ((s.spec ?? {}) as ServiceSpec).ports?.some((p) => p.nodePort === port));
}

/** The pod of that address, or one of those behind the Service of that address. */
function listenerAt({ registry, containers }: Reach, address: string, port: number) {
  const pods = registry.list('pods') as Pod[];
  const pod = pods.find((p) => p.status?.podIP === address && !p.spec?.hostNetwork);
  if (pod) return containers.listener(pod, port);
  const service = registry.list('services').find((s) => ((s.spec ?? {}) as ServiceSpec).clusterIP === address);
  const wanted = ((service?.spec ?? {}) as ServiceSpec).ports?.find((p) => p.port === port);
  if (!service || !wanted) return undefined;
  const behind = pods.find((p) => selected(service, p) && isReady(p));
  return behind && containers.listener(behind, targetOf(behind, wanted));
}

function selected({ metadata, spec }: KubeObject, pod: Pod): boolean {
  const { selector } = (spec ?? {}) as ServiceSpec;
  const labels = pod.metadata.labels ?? {};
  return (
    selector !== undefined &&
    pod.metadata.namespace === metadata.namespace &&
    Object.entries(selector).every(([key, value]) => labels[key] === value)
  );
}

const isReady = (pod: Pod): boolean =>
  (pod.status?.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True');

function targetOf(pod: Pod, { port, targetPort = port }: Port): number {
  if (typeof targetPort === 'number') return targetPort;
  const ports = (pod.spec?.containers ?? []).flatMap((c) => c.ports ?? []);
  return ports.find((p) => p.name === targetPort)?.containerPort ?? port;
}

/** Every machine's NodePort is the real one of this computer. */
function callRealPort(port: number, { method, path, headers, authority, body }: HttpRequest, timeout: number) {
  return new Promise<HttpReply>((resolve, reject) => {
    const asking = ask(
      { host: '127.0.0.1', port, method, path, headers: { ...headers, host: authority }, timeout, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', () => reject(new CallError('reset', 'connection reset by peer')));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: flat(answer.headers), body: Buffer.concat(chunks) }),
        );
      },
    );
    asking.on('timeout', () => asking.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    asking.on('error', (error: NodeJS.ErrnoException) => {
      const failure = error.code === 'ECONNREFUSED' ? 'refused' : error.code === 'ETIMEDOUT' ? 'timeout' : 'reset';
      reject(new CallError(failure, error.message));
    });
    asking.end(body);
  });
}

function flat(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]));
}
