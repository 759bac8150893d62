// By which address requests come into the mesh: a load balancer's, a node's port, or a port of this machine that Malla
// forwards; the first that this machine gets to.
import type { KubeObject } from '../../mesh/objects.ts';
import { ClusterError } from '../cluster-error.ts';
import type { KubeClient } from '../contract.ts';
import { isNodeReady } from '../facts.ts';
import type { WayIn } from '../kubeconfig.ts';
import { selects } from '../labels.ts';
import { type ForwardedPort, forwardPort, type PodPort } from './port-forward.ts';
import { type Probe, probePort, type Reach } from './reachable.ts';

export interface GatewayService {
  namespace: string;
  name: string;
}

export const usualGateway: GatewayService = { namespace: 'istio-system', name: 'istio-ingressgateway' };

export interface FoundEntry {
  by: 'LoadBalancer' | 'NodePort' | 'port-forward';
  /** URL without a trailing slash. */
  entry: string;
  secureEntry?: string;
  /** Where NodePorts answer, when that is known. */
  nodeHost?: string;
  /** Which way, and why not the ones before it: a sentence in Spanish. */
  why: string;
}

export interface HeldEntry extends FoundEntry {
  /** Lets go of what is forwarded; nothing to do for the other two ways. */
  close(): void;
}

export interface EntryOptions {
  client: KubeClient;
  gateway?: GatewayService;
  probe?: Probe;
}

/** A way that lasts by itself. The reason alone when there is none; rejects with ClusterError. */
export async function findLastingEntry(options: EntryOptions): Promise<FoundEntry | { why: string }> {
  const { client, gateway = usualGateway, probe = probePort } = options;
  const shown = `${gateway.namespace}/${gateway.name}`;
  const service = (await client.get({ apiVersion: 'v1', kind: 'Service', ...gateway })) as Service | undefined;
  if (!service) return { why: `No está el Service ${shown}: sin pasarela de Istio no hay por dónde entrar.` };
  const ports = portsOf(service);
  if (!ports.plain) return { why: `El Service ${shown} no tiene el puerto 80.` };

  const balancers = addressesOf(service);
  const reached = await firstReached(probe, balancers, ports.status?.port, ports.plain.port);
  if (reached !== undefined)
    return {
      by: 'LoadBalancer',
      entry: url('http', reached, ports.plain.port),
      ...(ports.secure ? { secureEntry: url('https', reached, ports.secure.port) } : {}),
      why: `Se entra por la dirección del balanceador, ${reached}: el clúster se la ha dado a ${shown}.`,
    };
  const noBalancer = noBalancerWhy(service, balancers);

  if (ports.plain.nodePort === undefined) return { why: sentence(`${noBalancer}, y no tiene NodePort.`) };
  const nodes = await client.list({ apiVersion: 'v1', kind: 'Node' });
  const hosts = nodes.filter(isNodeReady).flatMap(addressesOfNode).slice(0, mostNodes);
  const host =
    (await firstReached(probe, hosts, ports.status?.nodePort, ports.plain.nodePort)) ??
    // No pod of the gateway is ready: its port refuses, and that it does is what there is to see.
    (ports.status && (await firstReached(probe, hosts, undefined, ports.plain.nodePort)));
  if (host !== undefined)
    return {
      by: 'NodePort',
      entry: url('http', host, ports.plain.nodePort),
      ...(ports.secure?.nodePort === undefined ? {} : { secureEntry: url('https', host, ports.secure.nodePort) }),
      nodeHost: host,
      why: `Se entra por el NodePort ${ports.plain.nodePort} del nodo ${host}: ${noBalancer}.`,
    };
  const asked = hosts.join(', ') || 'sin nodos listos';
  return { why: sentence(`${noBalancer}, y ningún nodo contesta desde aquí en su NodePort (${asked}).`) };
}

/**
 * As findLastingEntry, and where there is none a port of this machine that is forwarded until `close`, or until the
 * signal aborts. Undefined when there is no gateway to forward to; rejects with ClusterError.
 */
export async function holdEntry(
  options: EntryOptions & { way: () => Promise<WayIn>; signal: AbortSignal },
): Promise<HeldEntry | { why: string }> {
  const found = await findLastingEntry(options);
  if ('entry' in found) return { ...found, close() {} };
  const { client, gateway = usualGateway, signal } = options;
  const service = (await client.get({ apiVersion: 'v1', kind: 'Service', ...gateway })) as Service | undefined;
  const ports = service && portsOf(service);
  if (!service || !ports?.plain) return found;
  const way = await options.way();
  const forward = (port: ServicePort, wanted: number[]): Promise<ForwardedPort> =>
    forwardPort({ way, target: () => readyPod(client, service, port), wanted, signal });
  await readyPod(client, service, ports.plain);
  const plain = await forward(ports.plain, [31_380, 0]);
  const secure = ports.secure && (await forward(ports.secure, [31_390, 0]));
  return {
    by: 'port-forward',
    entry: url('http', '127.0.0.1', plain.port),
    ...(secure ? { secureEntry: url('https', '127.0.0.1', secure.port) } : {}),
    why: `Se entra por un puerto de esta máquina que Malla lleva hasta la pasarela mientras dure esta orden. ${found.why}`,
    close() {
      plain.close();
      secure?.close();
    },
  };
}

/** A node that this machine gets to, gateway or not: Services have NodePorts of their own. */
export async function findNodeHost({ client, probe = probePort }: EntryOptions): Promise<string | undefined> {
  const nodes = await client.list({ apiVersion: 'v1', kind: 'Node' });
  const hosts = nodes.filter(isNodeReady).flatMap(addressesOfNode).slice(0, mostNodes);
  const found = await Promise.all(hosts.map((host) => probe(host, kubelet)));
  return hosts.find((_host, i) => found[i] !== 'silent');
}

const kubelet = 10_250;

interface ServicePort {
  name?: string;
  port: number;
  nodePort?: number;
  targetPort?: number | string;
}

type Service = KubeObject<
  { type?: string; ports?: ServicePort[]; selector?: Record<string, string> },
  { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } }
>;

/** Enough to find one that answers; each is asked at the same time. */
const mostNodes = 20;

function portsOf({ spec }: Service): { plain?: ServicePort; secure?: ServicePort; status?: ServicePort } {
  const of = (port: number): ServicePort | undefined => spec?.ports?.find((p) => p.port === port);
  const [plain, secure, status] = [of(80), of(443), of(15_021)];
  return { ...(plain && { plain }), ...(secure && { secure }), ...(status && { status }) };
}

function addressesOf({ status }: Service): string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
}

function addressesOfNode(node: KubeObject): string[] {
  const { addresses = [] } = (node.status ?? {}) as { addresses?: { type: string; address: string }[] };
  return ['ExternalIP', 'InternalIP'].flatMap((type) => addresses.filter((a) => a.type === type).map((a) => a.address));
}

function noBalancerWhy({ spec }: Service, balancers: readonly string[]): string {
  if (balancers.length > 0) return `el balanceador (${balancers.join(', ')}) no contesta desde aquí`;
  return spec?.type === 'LoadBalancer'
    ? 'el clúster no da direcciones de balanceador'
    : 'la pasarela no pide balanceador';
}

/**
 * A gateway that has no Gateway object yet listens on its status port alone; where there is none, a refusal of the other
 * one tells at least that the host is there.
 */
async function firstReached(
  probe: Probe,
  hosts: readonly string[],
  status: number | undefined,
  plain: number,
): Promise<string | undefined> {
  const found = await Promise.all(hosts.map((host) => probe(host, status ?? plain)));
  const first = (reach: Reach): string | undefined => hosts.find((_host, i) => found[i] === reach);
  return first('open') ?? (status === undefined ? first('closed') : undefined);
}

/** Rejects with ClusterError when no pod of the Service is ready. */
async function readyPod(client: KubeClient, service: Service, port: ServicePort): Promise<PodPort> {
  const { name, namespace = 'default' } = service.metadata;
  const pods = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace });
  const pod = pods.find((p) => selects(service.spec?.selector, p.metadata.labels) && isReady(p));
  if (!pod) throw new ClusterError('unreachable', `ningún pod de ${namespace}/${name} está listo`);
  return { namespace, pod: pod.metadata.name, port: numberOf(port, pod) };
}

function isReady(pod: KubeObject): boolean {
  const { conditions = [] } = (pod.status ?? {}) as { conditions?: { type: string; status: string }[] };
  return (
    pod.metadata.deletionTimestamp === undefined && conditions.some((c) => c.type === 'Ready' && c.status === 'True')
  );
}

function numberOf({ port, targetPort = port }: ServicePort, pod: KubeObject): number {
  if (typeof targetPort === 'number') return targetPort;
  const { containers = [] } = (pod.spec ?? {}) as {
    containers?: { ports?: { name?: string; containerPort: number }[] }[];
  };
  return containers.flatMap((c) => c.ports ?? []).find((p) => p.name === targetPort)?.containerPort ?? port;
}

function sentence(clause: string): string {
  return clause.charAt(0).toUpperCase() + clause.slice(1);
}

function url(scheme: string, host: string, port: number): string {
  const usual = { http: 80, https: 443 }[scheme];
  const shown = host.includes(':') ? `[${host}]` : host;
  return `${scheme}://${shown}${port === usual ? '' : `:${port}`}`;
}
